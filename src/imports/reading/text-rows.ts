import { unreadable } from './unreadable.ts'

/** Takes a data row: its number, as a spreadsheet counts (the header is row 1), and what should be an address. */
export type OnRow = (number: number, text: string) => void

/** Reads rows from the text of a file, which comes in parts. */
export interface RowReader {
  /** The number of the row that has not ended yet. */
  readonly row: number
  push(text: string): void
  end(): void
}

const MOST_CHARACTERS_PER_ROW = 1_048_576

/** Reads one address a line; blank lines are ignored. */
export function textRows(onRow: OnRow): RowReader {
  const lines = unixLines()
  let rest = ''
  let number = 0
  const take = (text: string) => {
    const complete = (rest + text).split('\n')
    rest = complete.pop() ?? ''
    for (const line of complete) {
      number++
      const address = line.trim()
      if (address !== '') onRow(number, address)
    }
    refuseEndless(rest, number + 1)
  }
  return {
    get row() {
      return number + 1
    },
    push: (text) => take(lines(text)),
    end: () => take(`${lines()}\n`),
  }
}

export function refuseEndless(rest: string, number: number): void {
  if (rest.length <= MOST_CHARACTERS_PER_ROW) return
  throw unreadable('endless', number, MOST_CHARACTERS_PER_ROW)
}

/** Turns line ends of any kind into LF; half of a CRLF waits for what follows. */
export function unixLines(): (text?: string) => string {
  let held = ''
  return (text) => {
    const all = held + (text ?? '')
    held = text !== undefined && all.endsWith('\r') ? '\r' : ''
    const complete = held === '' ? all : all.slice(0, -1)
    return complete.includes('\r') ? complete.replace(/\r\n?/g, '\n') : complete
  }
}
