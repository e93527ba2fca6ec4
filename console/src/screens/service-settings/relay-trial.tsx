import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { useRelayTexts } from './relay-texts.ts'

const tryRelay = (service: number, url: string | undefined) =>
  bodyOf(
    api.POST('/api/v1/services/{service}/relay/try', {
      params: { path: { service } },
      body: url === undefined ? {} : { url },
    }),
  )

type Trial = Awaited<ReturnType<typeof tryRelay>>

/** Extensions without which some messages cannot be handed over, since nothing is re-encoded. */
const WANTED = ['8BITMIME', 'SMTPUTF8']

/** Makes the server connect to the relay that is in use. */
export function useRelayTrial(service: number) {
  return useMutation({ mutationFn: (url: string | undefined) => tryRelay(service, url) })
}

export function TryButton({ trying, url }: { trying: ReturnType<typeof useRelayTrial>; url?: () => string }) {
  const t = useRelayTexts()
  return (
    <Button
      size="xs"
      variant="default"
      title={t('tryWhy')}
      loading={trying.isPending}
      onClick={() => trying.mutate(url?.())}
    >
      {t('try')}
    </Button>
  )
}

/** The result of trying the relay in words; with a user name and a password or without. */
export function TrialResult({
  trying: { data, isPending },
  hasUser,
}: {
  trying: ReturnType<typeof useRelayTrial>
  hasUser: boolean
}) {
  const t = useRelayTexts()
  return (
    <div role="status">
      {isPending && <Text size="sm">{t('trying')}</Text>}
      {!isPending && data && <Outcome trial={data} hasUser={hasUser} />}
    </div>
  )
}

function Outcome({ trial, hasUser }: { trial: Trial; hasUser: boolean }) {
  const t = useRelayTexts()
  const { outcome, said, offers, isEncrypted, isSignedIn } = trial
  if (outcome !== 'ready') {
    return (
      <Alert color="red" title={t(`outcome_${outcome}`)}>
        {said !== '' && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('said', { said })}
          </Text>
        )}
      </Alert>
    )
  }
  const lacking = WANTED.filter((name) => !offers.includes(name))
  const isAsWished = isEncrypted && lacking.length === 0 && isSignedIn === hasUser
  return (
    <Alert color={isAsWished ? 'teal' : 'yellow'} title={t('ready')}>
      <Stack gap="xs">
        <List size="sm">
          <List.Item>{t(isEncrypted ? 'encrypted' : 'inClear')}</List.Item>
          <List.Item>{t(isSignedIn ? 'signedIn' : hasUser ? 'notAskedThough' : 'notAsked')}</List.Item>
          {lacking.length > 0 && <List.Item>{t('lacking', { names: lacking.join(', ') })}</List.Item>}
        </List>
      </Stack>
    </Alert>
  )
}
