import { parseWeightedList, type Weighted } from './weighted-list.ts'

/** The languages that recipients are addressed in. */
export type Language = 'ja' | 'en'

/**
 * Chooses by an Accept-Language header (RFC 9110 section 12.5.4). English unless Japanese is preferred: mail goes to
 * every country, and a client that names neither, or sends no header, is no sign of a Japanese reader.
 */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const ranges = parseWeightedList(acceptLanguage)
  const japanese = weigh('ja', ranges)
  const english = weigh('en', ranges)
  const ahead =
    japanese.quality > english.quality ||
    (japanese.quality === english.quality && japanese.position < english.position)
  return ahead && japanese.quality > 0 ? 'ja' : 'en'
}

/** The best range that names the language. `*` stands for the languages that none names, and is nobody's first wish. */
function weigh(language: Language, ranges: readonly Weighted[]): { quality: number; position: number } {
  const named = ranges
    .map(({ name, quality }, position) => ({ name, quality, position }))
    .filter(({ name }) => name === language || name.startsWith(`${language}-`))
    .sort((a, b) => b.quality - a.quality)
  const any = ranges.find(({ name }) => name === '*')
  return named[0] ?? { quality: any?.quality ?? 0, position: Number.POSITIVE_INFINITY }
}
