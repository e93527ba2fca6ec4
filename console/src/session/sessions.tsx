import { Badge, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { Failure } from '../parts/failure.tsx'
import { Moment, useTimeZone } from '../parts/moment.tsx'
import { type Device, deviceOf } from './device.ts'
import { useSessionTexts } from './texts.ts'

/** Where the person is signed in, with which device and when last; each other session can be ended. */
export function Sessions() {
  const t = useSessionTexts()
  const queries = useQueryClient()
  const zone = useTimeZone()
  const { data, error, refetch } = useQuery({
    queryKey: ['sessions'],
    queryFn: () => bodyOf(api.GET('/api/v1/me/sessions')),
  })
  const end = useMutation({
    mutationFn: (id: string) => api.POST('/api/v1/me/sessions/end', { body: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const inWords = ({ browser, system, kind }: Device) =>
    [browser, system, kind && t(`device_${kind}`)].filter(Boolean).join(' · ') || t('unknownDevice')
  const items = data?.items.map((session) => ({ ...session, device: inWords(deviceOf(session.userAgent)) }))
  return (
    <Card withBorder component="section" maw={560}>
      <Title order={2} size="h4" mb="sm">
        {t('sessions')}
      </Title>
      <Stack>
        {error && <Failure error={error} reset={() => void refetch()} />}
        {end.error && <Failure error={end.error} />}
        {!data && !error && <Skeleton h={48} />}
        {items?.map(({ id, current, clientAddress, userAgent, createdAt, lastUsedAt, device }) => (
          <Group key={id} justify="space-between" align="flex-start" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} title={userAgent ?? ''}>
                {device}
              </Text>
              <Text size="xs" c="dimmed">
                {t('lastUsed')} <Moment at={lastUsedAt} /> ({zone})
              </Text>
              <Text size="xs" c="dimmed">
                {t('since')} <Moment at={createdAt} />
              </Text>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {t('clientAddress')} {clientAddress ?? t('unknown')}
              </Text>
            </div>
            {current ? (
              <Badge variant="light" miw="max-content">
                {t('thisSession')}
              </Badge>
            ) : (
              <Button
                size="xs"
                variant="default"
                miw="max-content"
                aria-label={`${t('endSession')}: ${device}`}
                onClick={() => end.mutate(id)}
              >
                {t('endSession')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
