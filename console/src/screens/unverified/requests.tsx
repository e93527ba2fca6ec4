import { Code, Select, Table } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import { useListNames } from '../../lists/list-names.ts'
import { useFilter } from '../../messages/use-filter.ts'
import { Moment } from '../../parts/moment.tsx'
import { Rows } from '../../parts/rows.tsx'
import { useUnverifiedTexts } from './texts.ts'
import type { UnverifiedSearch } from './unverified-search.ts'

interface RequestsProps {
  search: UnverifiedSearch
  keys: readonly string[]
}

const HEAD = ['receivedAt', 'service', 'list', 'keyId', 'client', 'userAgent'] as const

/** The requests themselves, newest first: all that is known about each, except who made it. */
export function Requests({ search: { key, cursor }, keys }: RequestsProps) {
  const t = useUnverifiedTexts()
  const filter = useFilter<UnverifiedSearch>()
  const listName = useListNames()
  const query = useQuery({
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
      <Rows
        query={query}
        minWidth={860}
        label={t('requests')}
        none={null}
        head={HEAD.map((name) => <Table.Th key={name}>{t(name)}</Table.Th>)}
      >
        {(request) => (
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
        )}
      </Rows>
    </>
  )
}
