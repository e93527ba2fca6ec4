import { Table, type TableProps } from '@mantine/core'
import { useLayoutEffect, useRef } from 'react'

interface WideTableProps extends TableProps {
  /** In pixels: what its words need to be read with ease. Where there is less room each row is a card (app.css). */
  minWidth: number
}

/** A table of more columns than a telephone is wide. Its first row of heads names the cells of the cards. */
export function WideTable({ minWidth, children, ...props }: WideTableProps) {
  const room = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  const fit = () => {
    if (room.current && table.current) showWhatFits(room.current, table.current)
  }
  useLayoutEffect(() => {
    if (table.current) labelCells(table.current)
    fit()
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads nothing but the two elements.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(fit)
    if (room.current) observer.observe(room.current)
    return () => observer.disconnect()
  }, [])
  return (
    <Table.ScrollContainer ref={room} minWidth={minWidth} className="wide-table">
      <Table ref={table} {...props}>
        {children}
      </Table>
    </Table.ScrollContainer>
  )
}

/** Nobody has to move a table sideways to read it: one that is wider than its room becomes cards. */
function showWhatFits(room: HTMLDivElement, table: HTMLTableElement): void {
  room.removeAttribute('data-cards')
  room.toggleAttribute('data-cards', table.offsetWidth > room.clientWidth)
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
