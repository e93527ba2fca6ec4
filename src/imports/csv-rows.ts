import Papa from 'papaparse'
import { unreadable } from './unreadable.ts'

/** Takes a line: its number, counted from 1, and what should be an address. */
export type OnLine = (number: number, text: string) => void

/** Takes a data row: its number, as a spreadsheet counts (the header is row 1), and its fields. */
export type OnRow = (number: number, fields: readonly string[]) => void

/** Rows out of the text of a file, which comes in parts. */
export interface RowReader {
  push(text: string): void
  end(): void
}

const MOST_CHARACTERS_PER_ROW = 1_048_576

/**
 * Reads CSV (RFC 4180); blank lines are ignored. `onHeader` gets the first row and answers who takes the others. Throws
 * DomainError `unreadable-file` with the row at fault.
 */
export function csvRows(onHeader: (number: number, fields: readonly string[]) => OnRow): RowReader {
  const parser = new Papa.Parser({ delimiter: ',', newline: '\n' })
  const lines = unixLines()
  let rest = ''
  let number = 0
  let onRow: OnRow | undefined

  const take = (text: string, isLast: boolean) => {
    rest += text
    const { data, errors, meta } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>
    // What is wrong with a row that has not ended may be that its end has not come yet.
    const broken = errors.find(({ row = 0 }) => isLast || row < data.length)
    if (broken) throw unreadable(`row ${number + (broken.row ?? 0) + 1}: ${mistakeOf(broken.code)}`)
    for (const fields of data) {
      number++
      if (fields.length === 1 && fields[0]?.trim() === '') continue
      if (onRow === undefined) onRow = onHeader(number, fields)
      else onRow(number, fields)
    }
    rest = rest.slice(meta.cursor)
    refuseEndless(rest, number + 1)
  }
  return {
    push: (text) => take(lines(text), false),
    end: () => {
      take(lines(), true)
      if (onRow === undefined) throw unreadable('the file is empty: it has neither a header nor rows')
    },
  }
}

/** Reads one address a line; blank lines are ignored. */
export function textRows(onLine: OnLine): RowReader {
  const lines = unixLines()
  let rest = ''
  let number = 0
  const take = (text: string) => {
    const complete = (rest + text).split('\n')
    rest = complete.pop() ?? ''
    for (const line of complete) {
      number++
      const address = line.trim()
      if (address !== '') onLine(number, address)
    }
    refuseEndless(rest, number + 1)
  }
  return { push: (text) => take(lines(text)), end: () => take(`${lines()}\n`) }
}

function mistakeOf(code: string): string {
  return code === 'MissingQuotes'
    ? 'a quote is opened and never closed'
    : 'a quoted field goes on behind its closing quote'
}

function refuseEndless(rest: string, number: number): void {
  if (rest.length <= MOST_CHARACTERS_PER_ROW) return
  throw unreadable(
    `row ${number} does not end within ${MOST_CHARACTERS_PER_ROW} characters: is a quote not closed?`,
  )
}

/** Line ends of any kind become one; half of one waits for what follows it. */
function unixLines(): (text?: string) => string {
  let held = ''
  return (text) => {
    const all = held + (text ?? '')
    held = text !== undefined && all.endsWith('\r') ? '\r' : ''
    const complete = held === '' ? all : all.slice(0, -1)
    return complete.includes('\r') ? complete.replace(/\r\n?/g, '\n') : complete
  }
}
