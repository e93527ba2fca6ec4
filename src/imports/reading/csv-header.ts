import type { DomainError } from '../../kernel/domain-error.ts'
import type { Cells, KnownFormat } from '../formats/known-format.ts'
import { type Recognised, recognise } from '../formats/recognise.ts'
import { emailColumn } from './csv-records.ts'
import { unreadable } from './unreadable.ts'

/** How the rows of a CSV are read: by one column alone, or as a known export. */
export type Header =
  | { column: number; known?: undefined }
  | { known: KnownFormat; column: number; cellsOf(fields: readonly string[]): Cells; headless: boolean }

interface Expected {
  /** Each row goes to the list of its reason. */
  auto: boolean
  /** What to throw unless it is a known export. */
  unlessExport?: DomainError | undefined
}

/**
 * Reads the first row. Where all rows go to one list, a column `email` (KARTE's, ignoring case and blanks) is enough;
 * without it the file may be an export that is recognised by its header. Where each row goes to the list of its reason,
 * it has to be such an export. Throws DomainError `unreadable-file`.
 */
export function readHeader(number: number, fields: readonly string[], expected: Expected): Header {
  const { auto, unlessExport } = expected
  const isPlain = fields.some((name) => name.trim().toLowerCase() === 'email')
  const recognised = isPlain && !auto ? undefined : recognise(fields)
  if (recognised) return asHeader(recognised)
  if (unlessExport) throw unlessExport
  const column = isPlain ? emailColumn(fields, number) : -1
  if (isPlain && !auto) return { column }
  throw unreadable(isPlain ? 'unknownExport' : 'unknownHeader', number)
}

function asHeader({ format, columns, headless }: Recognised): Header {
  const places = new Map(columns.map((name, index) => [name, index]))
  const cellsOf =
    (fields: readonly string[]): Cells =>
    (name) => {
      const place = places.get(name)
      return place === undefined ? '' : (fields[place] ?? '').trim()
    }
  return { known: format, column: places.get(format.address) ?? 0, cellsOf, headless }
}
