import { csvRecords, emailColumn } from './csv-records.ts'
import type { OnRow, RowReader } from './text-rows.ts'
import { unreadable } from './unreadable.ts'

/**
 * Reads CSV (RFC 4180) with one column `email`, case and blanks aside; other columns and blank lines are ignored. Throws
 * DomainError `unreadable-file` with the row at fault.
 */
export function csvRows(onRow: OnRow): RowReader {
  let column: number | undefined
  const { push, end } = csvRecords((number, fields) => {
    if (column === undefined) column = emailColumn(fields, number)
    else onRow(number, fields[column] ?? '')
  })
  return {
    push,
    end: () => {
      end()
      if (column === undefined) throw unreadable('the file is empty: it has neither a header nor rows')
    },
  }
}
