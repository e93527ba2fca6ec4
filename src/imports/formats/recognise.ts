import { JAPANESE_FORMATS } from './japanese-systems.ts'
import type { KnownFormat } from './known-format.ts'
import { OWN_FORMATS } from './own-exports.ts'
import { PROVIDER_FORMATS } from './providers.ts'

const FORMATS = [...OWN_FORMATS, ...JAPANESE_FORMATS, ...PROVIDER_FORMATS]

/** The file that Amazon SES imports, and that its users keep: it has no header. */
const SES_WITHOUT_HEADER = ['emailaddress', 'reason']

export interface Recognised {
  format: KnownFormat
  /** Names of the columns, in their order. */
  columns: readonly string[]
  /** The first row is data already. */
  headless: boolean
}

/** Which export a file is, by its first row; undefined when it is not a known one. */
export function recognise(first: readonly string[]): Recognised | undefined {
  const headless =
    first.length === 2 &&
    first[0]?.includes('@') === true &&
    /^\s*(bounce|complaint)\s*$/i.test(first[1] ?? '')
  const columns = headless ? SES_WITHOUT_HEADER : first.map(columnName)
  const found = FORMATS.filter((format) => fits(format, columns))
  // When several fit, the one with the most columns.
  const [format] = found.toSorted((a, b) => b.header.length - a.header.length)
  return format && { format, columns, headless }
}

function fits({ header, optional = [] }: KnownFormat, columns: readonly string[]): boolean {
  if (!header.every((name) => columns.filter((column) => column === name).length === 1)) return false
  return optional === 'any' || columns.every((column) => header.includes(column) || optional.includes(column))
}

/**
 * Normalised: ignores case, blanks, quotes that an editor has made typographic, and an explanation in brackets
 * (配信フラグ(1=配信対象)).
 */
function columnName(text: string): string {
  const [name = ''] = text.split(/[((]/)
  return name.replaceAll(/[”“]/g, '').trim().toLowerCase()
}
