import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { Paged, type PagedQuery } from './paged.tsx'
import { WideTable } from './wide-table.tsx'

interface RowsProps<T> {
  query: PagedQuery<T>
  /** Shown instead of rows where there are none. */
  none: ReactNode
  /** In pixels: see `WideTable`. */
  minWidth: number
  /** The table's name, needed where a screen has several. */
  label?: string
  /** The cells of the table's head. */
  head: ReactNode
  /** Renders the row of one item. */
  children(item: T, index: number): ReactNode
}

/** A page of a list as a table. */
export function Rows<T>({ query, none, minWidth, label, head, children }: RowsProps<T>) {
  return (
    <Paged query={query} none={none}>
      {(items) => (
        <WideTable minWidth={minWidth} highlightOnHover aria-label={label}>
          <Table.Thead>
            <Table.Tr>{head}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>{items.map(children)}</Table.Tbody>
        </WideTable>
      )}
    </Paged>
  )
}
