import { Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { NotFound } from '../../app/not-found.tsx'
import { DownloadMessages } from '../../messages/download-messages.tsx'
import { ListFilter, StateFilter } from '../../messages/filters.tsx'
import { FoundMessages } from '../../messages/found-messages.tsx'
import { messageFilter } from '../../messages/message-filter.ts'
import { useActorNames } from '../../parts/actor-names.ts'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Screen } from '../../parts/screen.tsx'
import { useCan } from '../../session/me.ts'
import { ChangeDialog, type DeliveryChange } from './change-dialog.tsx'
import { type Delivery, DeliveryStateBadge, isUnderWay, MessageCounts } from './delivery-state.tsx'
import { useDeliveryTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/deliveries/$id')({ component: OneDelivery })

function OneDelivery() {
  const id = Number(Route.useParams().id)
  return Number.isSafeInteger(id) && id > 0 ? <DeliveryOf id={id} /> : <NotFound />
}

/** One delivery: the outcome for each recipient, and what can still be changed. */
function DeliveryOf({ id }: { id: number }) {
  const t = useDeliveryTexts()
  const params = Route.useParams()
  const service = Number(params.service)
  const search = Route.useSearch()
  const mayDownload = useCan('download')
  const { data, error, refetch } = useQuery({
    queryKey: ['delivery', service, id],
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 5_000 : false),
    queryFn: () =>
      bodyOf(api.GET('/api/v1/services/{service}/deliveries/{id}', { params: { path: { service, id } } })),
  })
  const filter = messageFilter(search, { delivery: id })
  return (
    <Screen title={t('one', { id })} actions={data && <Changes service={service} delivery={data} />}>
      <Anchor
        component={Link}
        to="/services/$service/deliveries"
        params={{ service: params.service } as never}
      >
        {t('back')}
      </Anchor>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={120} />}
      {data && (
        <>
          <Facts delivery={data} />
          <Group justify="space-between" align="flex-end">
            <Title order={2} size="h4">
              {t('messages')}
            </Title>
            {mayDownload && <DownloadMessages service={service} filter={filter} />}
          </Group>
          <search>
            <Group align="flex-end" gap="sm">
              <StateFilter search={search} />
              <ListFilter service={service} search={search} />
            </Group>
          </search>
          <FoundMessages service={service} filter={filter} cursor={search.cursor} without={['delivery']} />
        </>
      )}
    </Screen>
  )
}

/** The actions that are possible in its present state. */
function Changes({ service, delivery }: { service: number; delivery: Delivery }) {
  const t = useDeliveryTexts()
  const maySend = useCan('send')
  const [asked, setAsked] = useState<DeliveryChange>()
  const { state, messages } = delivery
  const possible: DeliveryChange[] = [
    ...(state === 'active' && isUnderWay(delivery) ? (['pause'] as const) : []),
    ...(state === 'paused' ? (['resume'] as const) : []),
    ...(state === 'active' && (messages['excluded'] ?? 0) > 0 ? (['resend'] as const) : []),
    ...(state !== 'cancelled' && isUnderWay(delivery) ? (['cancel'] as const) : []),
  ]
  if (!maySend) return null
  return (
    <>
      {possible.map((change) => (
        <Button
          key={change}
          variant={change === 'cancel' ? 'light' : 'default'}
          {...(change === 'cancel' && { color: 'red' })}
          onClick={() => setAsked(change)}
        >
          {t(change)}
        </Button>
      ))}
      <ChangeDialog
        service={service}
        delivery={delivery}
        change={asked}
        onClose={() => setAsked(undefined)}
      />
    </>
  )
}

function Facts({ delivery }: { delivery: Delivery }) {
  const t = useDeliveryTexts()
  const nameOf = useActorNames()
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Group gap="xs">
          <DeliveryStateBadge state={delivery.state} />
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {delivery.subject || t('noSubject')}
          </Text>
        </Group>
        <MessageCounts messages={delivery.messages} />
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {t('from')}: {delivery.from}
        </Text>
        <Text size="sm" c="dimmed">
          {t('createdAt')}: <Moment at={delivery.createdAt} /> · {t('sendAt')}:{' '}
          <Moment at={delivery.sendAt} /> · {t('createdBy')}: {nameOf(delivery.createdBy)}
          {delivery.reference && ` · ${t('reference')}: ${delivery.reference}`}
        </Text>
        {delivery.transactional && <Text size="sm">{t('transactional')}</Text>}
      </Stack>
    </Paper>
  )
}
