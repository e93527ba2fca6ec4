import { parseWeightedList, type Weighted } from './weighted-list.ts'

/** The languages that recipients are addressed in. */
export type Language = 'ja' | 'en'

/**
 * Chooses by an Accept-Language header (RFC 9110 section 12.5.4). `otherwise` is for a client that names neither
 * language, or sends no header: English unless the caller knows better, since mail goes to every country.
 */
export function pickLanguage(acceptLanguage: string | undefined, otherwise: Language = 'en'): Language {
  const ranges = parseWeightedList(acceptLanguage)
  const other = otherwise === 'en' ? 'ja' : 'en'
  const wished = weigh(other, ranges)
  const usual = weigh(otherwise, ranges)
  const ahead =
    wished.quality > usual.quality || (wished.quality === usual.quality && wished.position < usual.position)
  return ahead && wished.quality > 0 ? other : otherwise
}

/**
 * The best range that names the language. `*` stands for the languages that no range names, and never counts as a
 * preference.
 */
function weigh(language: Language, ranges: readonly Weighted[]): { quality: number; position: number } {
  const named = ranges
    .map(({ name, quality }, position) => ({ name, quality, position }))
    .filter(({ name }) => name === language || name.startsWith(`${language}-`))
    .sort((a, b) => b.quality - a.quality)
  const any = ranges.find(({ name }) => name === '*')
  return named[0] ?? { quality: any?.quality ?? 0, position: Number.POSITIVE_INFINITY }
}
