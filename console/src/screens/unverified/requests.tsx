import { Code, Select, Skeleton, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { useListNames } from '../../lists/list-names.ts'
import { useFilter } from '../../messages/use-filter.ts'
import { Failure } from '../../parts/failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Pager } from '../../parts/pager.tsx'
import { WideTable } from '../../parts/wide-table.tsx'
import { useUnverifiedTexts } from './texts.ts'
import type { UnverifiedSearch } from './unverified-search.ts'

interface RequestsProps {
  search: UnverifiedSearch
  keys: readonly string[]
}

/** The requests themselves, newest first: what is known of each but for who asked. */
export function Requests({ search: { key, cursor }, keys }: RequestsProps) {
  const t = useUnverifiedTexts()
  const filter = useFilter<UnverifiedSearch>()
  const listName = useListNames()
  const { data, error, refetch } = useQuery({
    queryKey: ['unverified', 'requests', key, cursor],
    placeholderData: keepPreviousData,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/installation/unverified-requests', {
          params: { query: { limit: 50, ...(key && { keyId: key }), ...(cursor && { cursor }) } },
        }),
      ),
  })
  return (
    <>
      <Select
        label={t('key')}
        w={240}
        clearable
        placeholder={t('allKeys')}
        data={[...keys]}
        value={key ?? null}
        onChange={(chosen) => filter({ key: chosen })}
      />
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data && (
        <WideTable minWidth={860} highlightOnHover aria-label={t('requests')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('receivedAt')}</Table.Th>
              <Table.Th>{t('service')}</Table.Th>
              <Table.Th>{t('list')}</Table.Th>
              <Table.Th>{t('keyId')}</Table.Th>
              <Table.Th>{t('client')}</Table.Th>
              <Table.Th>{t('userAgent')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((request) => (
              <Table.Tr key={request.id}>
                <Table.Td>
                  <Moment at={request.receivedAt} />
                </Table.Td>
                <Table.Td>{request.service}</Table.Td>
                <Table.Td>{listName(request.list)}</Table.Td>
                <Table.Td>
                  <Code>{request.keyId}</Code>
                </Table.Td>
                <Table.Td>
                  {request.method} {request.clientAddress}
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{request.userAgent ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <Pager next={data?.next} />
    </>
  )
}
