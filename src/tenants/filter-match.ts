import { RE2JS } from 're2js'

const MOST_REMEMBERED = 1_000
/** Matching takes time in proportion to the program times the value; repeats like `.{1000}` make programs long. */
const LONGEST_PROGRAM = 500

const compiled = new Map<string, RE2JS>()

/** True when one of the header's decoded values matches. Regular expressions match anywhere, in linear time. */
export function filterMatches(
  { pattern, match }: { pattern: string; match: 'exact' | 'regex' },
  values: readonly string[],
): boolean {
  if (match === 'exact') return values.includes(pattern)
  if (values.length === 0) return false
  const regex = compile(pattern)
  return values.some((value) => regex.matcher(value).find())
}

/** Why a pattern cannot be used as a regular expression; undefined when it can. */
export function checkPattern(pattern: string): string | undefined {
  try {
    const isLong = RE2JS.compile(pattern).programSize() > LONGEST_PROGRAM
    return isLong ? 'repeats too much: each mail would take long to match' : undefined
  } catch (error) {
    return `is not a regular expression of RE2: ${(error as Error).message}`
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  const regex = RE2JS.compile(pattern)
  if (compiled.size >= MOST_REMEMBERED) compiled.delete(compiled.keys().next().value as string)
  compiled.set(pattern, regex)
  return regex
}
