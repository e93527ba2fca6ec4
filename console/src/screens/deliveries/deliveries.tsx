import { Anchor, Group, Select, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { api, bodyOf } from '../../api/client.ts'
import { DaysFilter, SenderFilter } from '../../messages/filters.tsx'
import { useMessageTexts } from '../../messages/texts.ts'
import { useFilter } from '../../messages/use-filter.ts'
import { Empty } from '../../parts/empty.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Rows } from '../../parts/rows.tsx'
import { Screen } from '../../parts/screen.tsx'
import { DELIVERY_STATES, type DeliverySearch } from './delivery-search.ts'
import { type Delivery, DeliveryStateBadge, isUnderWay, MessageCounts } from './delivery-state.tsx'
import { useDeliveryTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/deliveries')({ component: Deliveries })

const HEAD = ['id', 'subject', 'from', 'state', 'counts', 'createdAt'] as const

function Deliveries() {
  const t = useDeliveryTexts()
  const service = Number(Route.useParams().service)
  const search = Route.useSearch()
  const { cursor, ...filter } = search
  const query = useQuery({
    queryKey: ['deliveries', service, filter, cursor],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? 5_000 : false),
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/deliveries/search', {
          params: { path: { service }, query: { limit: 25, ...(cursor && { cursor }) } },
          body: filter,
        }),
      ),
  })
  const isFiltered = Object.keys(search).length > 0
  return (
    <Screen title={t('title')} about={t('about')}>
      <search>
        <Group align="flex-end" gap="sm">
          <DeliveryStateFilter search={search} />
          <SenderFilter service={service} search={search} />
          <DaysFilter search={search} />
        </Group>
      </search>
      <Rows<Delivery>
        query={query}
        minWidth={820}
        none={
          <Empty title={t(isFiltered ? 'noneFound' : 'none')}>
            {t(isFiltered ? 'noneFoundWhy' : 'noneWhy')}
          </Empty>
        }
        head={HEAD.map((name) => <Table.Th key={name}>{t(name)}</Table.Th>)}
      >
        {(delivery) => <DeliveryRow key={delivery.id} service={service} delivery={delivery} />}
      </Rows>
    </Screen>
  )
}

function DeliveryStateFilter({ search }: { search: DeliverySearch }) {
  const t = useDeliveryTexts()
  const common = useMessageTexts()
  const filter = useFilter<DeliverySearch>()
  return (
    <Select
      label={t('state')}
      placeholder={common('all')}
      clearable
      clearButtonProps={{ 'aria-label': common('clear') }}
      w={190}
      value={search.state ?? null}
      onChange={(state) => filter({ state: state as DeliverySearch['state'] })}
      data={DELIVERY_STATES.map((value) => ({ value, label: t(value) }))}
    />
  )
}

function DeliveryRow({ service, delivery }: { service: number; delivery: Delivery }) {
  const t = useDeliveryTexts()
  const { id, subject, from, state, messages, createdAt } = delivery
  return (
    <Table.Tr>
      <Table.Td>#{id}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Anchor
          component={Link}
          to="/services/$service/deliveries/$id"
          params={{ service: String(service), id: String(id) } as never}
          inherit
        >
          {subject || t('noSubject')}
        </Anchor>
      </Table.Td>
      <Table.Td miw={185} style={{ overflowWrap: 'anywhere' }}>
        {from}
      </Table.Td>
      <Table.Td>
        <DeliveryStateBadge state={state} />
      </Table.Td>
      <Table.Td>
        <MessageCounts messages={messages} />
      </Table.Td>
      <Table.Td>
        <Moment at={createdAt} />
      </Table.Td>
    </Table.Tr>
  )
}
