import Papa from 'papaparse'
import { type RowReader, refuseEndless, unixLines } from './text-rows.ts'
import { unreadable } from './unreadable.ts'

/** Takes a record: its number, as a spreadsheet counts, and its fields. */
export type OnRecord = (number: number, fields: readonly string[]) => void

/** Reads CSV (RFC 4180); blank lines are left out. Throws DomainError `unreadable-file` with the row at fault. */
export function csvRecords(onRecord: OnRecord): RowReader {
  const parser = new Papa.Parser({ delimiter: ',', newline: '\n' })
  const lines = unixLines()
  let rest = ''
  let number = 0

  const take = (text: string, isLast: boolean) => {
    rest += text
    const { data, errors, meta } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>
    // A row that has not ended may only look wrong because the rest has not arrived yet.
    const broken = errors.find(({ row = 0 }) => isLast || row < data.length)
    if (broken) throw unreadable(mistakeOf(broken.code), number + (broken.row ?? 0) + 1)
    for (const fields of data) {
      number++
      if (fields.length > 1 || fields[0]?.trim() !== '') onRecord(number, fields)
    }
    rest = rest.slice(meta.cursor)
    refuseEndless(rest, number + 1)
  }
  return {
    get row() {
      return number + 1
    },
    push: (text) => take(lines(text), false),
    end: () => take(lines(), true),
  }
}

/** Which field has the address: that of the one column `email`, ignoring case and blanks. Throws like `csvRecords`. */
export function emailColumn(header: readonly string[], number: number): number {
  const names = header.map((name) => name.trim().toLowerCase())
  const column = names.indexOf('email')
  if (column < 0) throw unreadable('noEmailColumn', number)
  const second = names.indexOf('email', column + 1)
  if (second < 0) return column
  throw unreadable('twoEmailColumns', number, column + 1, second + 1)
}

function mistakeOf(code: string): 'openQuote' | 'brokenQuote' {
  return code === 'MissingQuotes' ? 'openQuote' : 'brokenQuote'
}
