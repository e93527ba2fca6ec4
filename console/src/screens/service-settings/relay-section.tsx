import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Failure } from '../../parts/failure.tsx'
import { RelayDialog } from './relay-dialog.tsx'
import { hostInUrl, type RelayDraft, readRelay, savedRelay, USUAL_PORT } from './relay-draft.ts'
import { useRelayTexts } from './relay-texts.ts'
import { TrialResult, TryButton, useRelayTrial } from './relay-trial.tsx'
import { RemoveRelay } from './remove-relay.tsx'
import { Section } from './section.tsx'

/**
 * Where the service's mail goes: shown without its password, tried, replaced and removed; immediately, not together
 * with the rest of the form.
 */
export function RelaySection({
  service,
  mayEdit,
  children,
}: {
  service: number
  mayEdit: boolean
  /** A related setting that is saved with the surrounding form. */
  children: ReactNode
}) {
  const t = useRelayTexts()
  const [opened, setOpened] = useState<'set' | 'remove'>()
  const trying = useRelayTrial(service)
  const { data, error, refetch } = useQuery({
    queryKey: ['relay', service],
    queryFn: () => readRelay(service),
  })
  const close = () => setOpened(undefined)
  // The result for one relay says nothing about the next one.
  const open = (what: 'set' | 'remove') => {
    trying.reset()
    setOpened(what)
  }
  const saved = data && savedRelay(data)
  const isSet = data?.url != null
  return (
    <Section title={t('title')} about={t('about')}>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={60} />}
      {saved && <Shown relay={isSet ? saved.values : undefined} />}
      {saved && mayEdit && (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => open('set')}>
            {t(isSet ? 'replace' : 'set')}
          </Button>
          {isSet && (
            <Button size="xs" variant="default" onClick={() => open('remove')}>
              {t('remove')}
            </Button>
          )}
          <TryButton trying={trying} />
        </Group>
      )}
      {trying.error && <Failure error={trying.error} />}
      {saved && <TrialResult trying={trying} hasUser={saved.values.user !== ''} />}
      {children}
      {saved && opened === 'set' && <RelayDialog service={service} loaded={saved} onClose={close} />}
      {saved && opened === 'remove' && <RemoveRelay service={service} seen={saved} onClose={close} />}
    </Section>
  )
}

function Shown({ relay }: { relay: RelayDraft | undefined }) {
  const t = useRelayTexts()
  if (!relay) return <Text size="sm">{t('none')}</Text>
  if (relay.host === '') return <Text size="sm">{t('outcome_unreadable')}</Text>
  const { host, port, security, user } = relay
  const rows = [
    [t('server'), `${hostInUrl(host)}:${port === '' ? USUAL_PORT[security] : port}`],
    [t('security'), t(security)],
    [t('user'), user || t('noUser')],
    ...(user === '' ? [] : [[t('password'), t('isSet')]]),
  ] as const
  return (
    <Stack component="dl" gap={4} m={0}>
      {rows.map(([name, value]) => (
        <Group key={name} gap="xs">
          <Text component="dt" size="sm" c="dimmed" w={110}>
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
