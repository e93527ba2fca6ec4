/** The languages that recipients are addressed in. */
export type Language = 'ja' | 'en'

/**
 * Chooses by an Accept-Language header (RFC 9110 section 12.5.4). English unless Japanese is preferred: mail goes to
 * every country, and a client that names neither, or sends no header, is no sign of a Japanese reader.
 */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '').split(',').map(parseRange)
  const japanese = weigh('ja', ranges)
  const english = weigh('en', ranges)
  if (japanese.quality !== english.quality) return japanese.quality > english.quality ? 'ja' : 'en'
  return japanese.position < english.position ? 'ja' : 'en'
}

type Range = { tag: string; quality: number }

function parseRange(item: string): Range {
  const [tag = '', ...parameters] = item.toLowerCase().split(';')
  const weight = parameters.map((parameter) => /^\s*q\s*=\s*([01](?:\.\d*)?)\s*$/.exec(parameter)?.[1]).find(Boolean)
  return { tag: tag.trim(), quality: weight === undefined ? 1 : Number(weight) }
}

/** The best range that names the language; `*` stands for those that none names, and is nobody's first wish. */
function weigh(language: Language, ranges: readonly Range[]): { quality: number; position: number } {
  const weights = ranges.map(({ tag, quality }, position) => ({ tag, quality, position }))
  const named = weights.filter(({ tag }) => tag === language || tag.startsWith(`${language}-`))
  if (named.length > 0) return named.reduce((best, other) => (other.quality > best.quality ? other : best))
  const any = weights.find(({ tag }) => tag === '*')
  return { quality: any?.quality ?? 0, position: Number.POSITIVE_INFINITY }
}
