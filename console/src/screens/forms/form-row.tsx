import '@mantine/core/styles/Switch.css'
import { Anchor, Badge, Button, Group, Switch, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Moment } from '../../parts/moment.tsx'
import { LANGUAGES, type RegistrationForm } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface FormRowProps {
  service: number
  form: RegistrationForm
  mayEdit: boolean
  /** While it is being opened or closed. */
  isSwitching: boolean
  onSwitch(): void
  onEmbed(): void
  onRemove(): void
}

export function FormRow({ service, form, mayEdit, isSwitching, onSwitch, onEmbed, onRemove }: FormRowProps) {
  const t = useFormTexts()
  const { id, name, active, doubleOptIn, texts, updatedAt, url } = form
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Anchor
          component={Link}
          to="/services/$service/forms/$form"
          params={{ service: String(service), form: id } as never}
          inherit
        >
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Switch
          aria-label={`${t('active')}: ${name}`}
          checked={active}
          disabled={!mayEdit || isSwitching}
          onChange={onSwitch}
        />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={doubleOptIn ? 'teal' : 'yellow'} miw="max-content">
          {t(doubleOptIn ? 'byMail' : 'atOnce')}
        </Badge>
      </Table.Td>
      <Table.Td>
        {LANGUAGES.filter((one) => texts[one])
          .map((one) => t(one))
          .join(', ')}
      </Table.Td>
      <Table.Td>
        <Moment at={updatedAt} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Button
            component="a"
            href={url}
            target="_blank"
            rel="noreferrer"
            size="xs"
            variant="default"
            aria-label={`${t('openPage')}: ${name}`}
          >
            {t('openPage')}
          </Button>
          <Button size="xs" variant="default" onClick={onEmbed}>
            {t('embed')}
          </Button>
          {mayEdit && (
            <Button size="xs" variant="default" onClick={onRemove}>
              {t('remove')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
