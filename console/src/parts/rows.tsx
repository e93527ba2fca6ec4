import { Skeleton, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failure } from './failure.tsx'
import { Pager } from './pager.tsx'
import { WideTable } from './wide-table.tsx'

interface RowsProps<T> {
  query: {
    data: { items: readonly T[]; next?: string | null } | undefined
    error: Error | null
    refetch(): unknown
  }
  /** In the place of rows where there are none. */
  none: ReactNode
  /** In pixels; on narrower screens the table scrolls in itself. */
  minWidth: number
  /** The cells of the table's head. */
  head: ReactNode
  /** The row of one. */
  children(item: T, index: number): ReactNode
}

/** A page of a list as a table, and the way to the next; or that it is coming, why it does not come, that there is nothing. */
export function Rows<T>({ query, none, minWidth, head, children }: RowsProps<T>) {
  const { data, error, refetch } = query
  return (
    <>
      {error && <Failure error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data?.items.length === 0 && none}
      {data && data.items.length > 0 && (
        <WideTable minWidth={minWidth} highlightOnHover>
          <Table.Thead>
            <Table.Tr>{head}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>{data.items.map(children)}</Table.Tbody>
        </WideTable>
      )}
      <Pager next={data?.next} />
    </>
  )
}
