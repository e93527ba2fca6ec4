import { Anchor, Group, Select, Skeleton, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createLazyRoute, Link } from '@tanstack/react-router'
import { api, bodyOf } from '../../api/client.ts'
import { DaysFilter, SenderFilter } from '../../messages/filters.tsx'
import { useMessageTexts } from '../../messages/texts.ts'
import { useFilter } from '../../messages/use-filter.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Screen } from '../../parts/screen.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { DELIVERY_STATES, type DeliverySearch } from './delivery-search.ts'
import { type Delivery, DeliveryStateBadge, isUnderWay, MessageCounts } from './delivery-state.tsx'
import { useDeliveryTexts } from './texts.ts'

export const Route = createLazyRoute('/inside/services/$service/deliveries')({ component: Deliveries })

function Deliveries() {
  const t = useDeliveryTexts()
  const service = Number(Route.useParams().service)
  const search = Route.useSearch()
  const { cursor, ...filter } = search
  const { data, error, refetch } = useQuery({
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
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data?.items.length === 0 && (
        <Empty title={t(isFiltered ? 'noneFound' : 'none')}>
          {t(isFiltered ? 'noneFoundWhy' : 'noneWhy')}
        </Empty>
      )}
      {data && data.items.length > 0 && <DeliveryTable service={service} deliveries={data.items} />}
      <Pager next={data?.next} />
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

function DeliveryTable({ service, deliveries }: { service: number; deliveries: readonly Delivery[] }) {
  const t = useDeliveryTexts()
  return (
    <WideTable minWidth={820} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('id')}</Table.Th>
          <Table.Th>{t('subject')}</Table.Th>
          <Table.Th>{t('from')}</Table.Th>
          <Table.Th>{t('state')}</Table.Th>
          <Table.Th>{t('counts')}</Table.Th>
          <Table.Th>{t('createdAt')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {deliveries.map(({ id, subject, from, state, messages, createdAt }) => (
          <Table.Tr key={id}>
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
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{from}</Table.Td>
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
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
