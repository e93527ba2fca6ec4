import { Table, type TableProps } from '@mantine/core'
import { useLayoutEffect, useRef } from 'react'

interface WideTableProps extends TableProps {
  /** In pixels. A window narrower than that scrolls the table in itself; a telephone shows each row as a card (app.css). */
  minWidth: number
}

/** A table of more columns than a telephone is wide. Its first row of heads names the cells of the cards. */
export function WideTable({ minWidth, children, ...props }: WideTableProps) {
  const table = useRef<HTMLTableElement>(null)
  useLayoutEffect(() => {
    if (table.current) labelCells(table.current)
  })
  return (
    <Table.ScrollContainer minWidth={minWidth} className="wide-table">
      <Table ref={table} {...props}>
        {children}
      </Table>
    </Table.ScrollContainer>
  )
}

/** Roles are said out loud: some browsers no longer take for a table what is laid out as anything else. */
function labelCells(table: HTMLTableElement): void {
  table.setAttribute('role', 'table')
  const labels = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent)
  for (const group of [table.tHead, ...table.tBodies]) group?.setAttribute('role', 'rowgroup')
  for (const row of table.rows) {
    row.setAttribute('role', 'row')
    for (const cell of row.cells) {
      const isHead = row.parentElement === table.tHead
      cell.setAttribute('role', cell.tagName === 'TD' ? 'cell' : isHead ? 'columnheader' : 'rowheader')
      const control = isHead && cell.querySelector('[aria-label]')
      cell.dataset['label'] = (control ? control.ariaLabel : labels[cell.cellIndex]) ?? ''
    }
  }
}
