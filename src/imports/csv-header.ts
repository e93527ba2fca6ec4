import { emailColumn } from './csv-records.ts'
import type { Cells, KnownFormat } from './formats/known-format.ts'
import { type Recognised, recognise } from './formats/recognise.ts'
import { unreadable } from './unreadable.ts'

/** How the rows of a CSV are read: by one column alone, or as a known export. */
export type Header =
  | { column: number; known?: undefined }
  | { known: KnownFormat; column: number; cellsOf(fields: readonly string[]): Cells; headless: boolean }

/**
 * Reads the first row. A column `email` (KARTE's, case and blanks aside) is all that counts where the rows go to one list;
 * without it the file may be an export that is known by its header, and where each row goes to the list of its reason it has
 * to be. Throws DomainError `unreadable-file`.
 */
export function readHeader(number: number, fields: readonly string[], { auto }: { auto: boolean }): Header {
  const isPlain = fields.some((name) => name.trim().toLowerCase() === 'email')
  const column = isPlain ? emailColumn(fields, number) : -1
  if (isPlain && !auto) return { column }
  const recognised = recognise(fields)
  if (recognised) return asHeader(recognised)
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
