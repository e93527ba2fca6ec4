import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'
import { Moment } from '../parts/moment.tsx'
import { useSessionTexts } from './texts.ts'

export function Sessions() {
  const t = useSessionTexts()
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: ['sessions'],
    queryFn: () => bodyOf(api.GET('/api/v1/me/sessions')),
  })
  const end = useMutation({
    mutationFn: (id: string) => api.POST('/api/v1/me/sessions/end', { body: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return (
    <Card withBorder component="section" maw={560}>
      <Title order={2} size="h4" mb="sm">
        {t('sessions')}
      </Title>
      <Stack>
        {data?.items.map(({ id, current, clientAddress, userAgent, createdAt }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm" lineClamp={1}>
                {userAgent ?? t('unknownDevice')}
              </Text>
              <Text size="xs" c="dimmed">
                {clientAddress} · {t('since')} <Moment at={createdAt} />
              </Text>
            </div>
            {current ? (
              <Badge variant="light">{t('thisSession')}</Badge>
            ) : (
              <Button size="xs" variant="default" onClick={() => end.mutate(id)}>
                {t('endSession')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
