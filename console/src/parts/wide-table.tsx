import { Table, type TableProps } from '@mantine/core'
import { useLayoutEffect, useRef } from 'react'

interface WideTableProps extends TableProps {
  /**
   * In pixels: the width at which its words are easy to read. Where there is less room each row becomes a card
   * (app.css).
   */
  minWidth: number
}

/** A table with more columns than fit a telephone. Its first header row names the cells of the cards. */
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

/** Turns a table that is wider than its room into cards, so that nobody has to scroll sideways. */
function showWhatFits(room: HTMLDivElement, table: HTMLTableElement): void {
  room.removeAttribute('data-cards')
  room.toggleAttribute('data-cards', table.offsetWidth > room.clientWidth)
}

/** Roles are stated explicitly: some browsers stop treating a table as one when it is laid out differently. */
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
