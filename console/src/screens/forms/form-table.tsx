import { Anchor, Badge, Button, Group, Switch, Table } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { LANGUAGES, type RegistrationForm } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface FormTableProps {
  service: number
  forms: readonly RegistrationForm[]
  mayEdit: boolean
  onChoose(form: RegistrationForm, to: 'embed' | 'remove'): void
}

export function FormTable({ service, forms, mayEdit, onChoose }: FormTableProps) {
  const t = useFormTexts()
  const queries = useQueryClient()
  const switching = useMutation({
    mutationFn: ({ id, active }: RegistrationForm) =>
      api.PATCH('/api/v1/services/{service}/forms/{id}', {
        params: { path: { service, id } },
        body: { active: !active },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['forms', service] }),
  })
  return (
    <>
      {switching.error && <Failure error={switching.error} />}
      <Table.ScrollContainer minWidth={760}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('name')}</Table.Th>
              <Table.Th>{t('active')}</Table.Th>
              <Table.Th>{t('confirmation')}</Table.Th>
              <Table.Th>{t('languages')}</Table.Th>
              <Table.Th>{t('updatedAt')}</Table.Th>
              <Table.Th>{t('actions')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {forms.map((form) => (
              <Table.Tr key={form.id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <Anchor
                    component={Link}
                    to="/services/$service/forms/$form"
                    params={{ service: String(service), form: form.id } as never}
                    inherit
                  >
                    {form.name}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Switch
                    aria-label={`${t('active')}: ${form.name}`}
                    checked={form.active}
                    disabled={!mayEdit || switching.isPending}
                    onChange={() => switching.mutate(form)}
                  />
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={form.doubleOptIn ? 'teal' : 'yellow'} miw="max-content">
                    {t(form.doubleOptIn ? 'byMail' : 'atOnce')}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  {LANGUAGES.filter((one) => form.texts[one])
                    .map((one) => t(one))
                    .join(', ')}
                </Table.Td>
                <Table.Td>
                  <Moment at={form.updatedAt} />
                </Table.Td>
                <Table.Td>
                  <Group gap={4} wrap="nowrap">
                    <Button
                      component="a"
                      href={form.url}
                      target="_blank"
                      rel="noreferrer"
                      size="xs"
                      variant="default"
                      aria-label={`${t('openPage')}: ${form.name}`}
                    >
                      {t('openPage')}
                    </Button>
                    <Button size="xs" variant="default" onClick={() => onChoose(form, 'embed')}>
                      {t('embed')}
                    </Button>
                    {mayEdit && (
                      <Button size="xs" variant="default" onClick={() => onChoose(form, 'remove')}>
                        {t('remove')}
                      </Button>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}
