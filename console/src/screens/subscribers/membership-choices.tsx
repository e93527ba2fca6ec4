import { Fieldset, Group, Radio, Stack, Text } from '@mantine/core'
import type { paths } from '../../api/schema.d.ts'
import { useSubscriberTexts } from './texts.ts'

export type OfService =
  paths['/api/v1/services/{service}/subscribers/memberships']['post']['responses']['200']['content']['application/json']['items'][number]

/** The choices by the service's id; a service without one stays as it is. */
export type Choices = Readonly<Record<number, 'joined' | 'left'>>

interface MembershipChoicesProps {
  services: readonly OfService[]
  choices: Choices
  onChange(choices: Choices): void
}

/**
 * 「加入」/「退会」 per service of seed 000. Choosing 加入 lifts suppressions even for a person who has joined already, so
 * nothing is chosen at first: merely correcting a name must not make mail go out.
 */
export function MembershipChoices({ services, choices, onChange }: MembershipChoicesProps) {
  const t = useSubscriberTexts()
  const choose = (id: number, value: string) => {
    const { [id]: _, ...others } = choices
    onChange(value === 'joined' || value === 'left' ? { ...others, [id]: value } : others)
  }
  return (
    <Fieldset legend={t('services')}>
      <Stack gap="md">
        <Text size="sm">{t('joinLifts')}</Text>
        {services.map(({ service: { id, name }, membership }) => (
          <Radio.Group
            key={id}
            label={name}
            value={choices[id] ?? 'keep'}
            onChange={(value) => choose(id, value)}
          >
            <Group mt={4} gap="md">
              <Radio value="keep" label={t('keep', { state: t(membership ?? 'neither') })} />
              <Radio value="joined" label={t('joined')} />
              {membership !== null && <Radio value="left" label={t('left')} />}
            </Group>
          </Radio.Group>
        ))}
      </Stack>
    </Fieldset>
  )
}
