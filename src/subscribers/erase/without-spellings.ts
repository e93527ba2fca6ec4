// An address that is part of a longer one is another person's. What URLs and headers put around an address ends it.
const NOT_BEFORE = String.raw`(?:(?<![\p{L}\p{N}._+~'-])|(?<=%[\da-f]{2}))`
// Nor is the ending of a file's name part of a domain.
const NOT_BEHIND = String.raw`(?![\p{L}\p{N}-]|\.(?!(?:csv|txt)(?![\p{L}\p{N}-]))[\p{L}\p{N}])`

/** Text with something else in the place of an address, in whatever case it stands there. */
export function withoutSpellings(text: string, spellings: readonly string[], instead: string): string {
  return text.replace(new RegExp(`${NOT_BEFORE}(?:${patternOf(spellings)})${NOT_BEHIND}`, 'giu'), instead)
}

/** The same for the name of a file, where anything may stand right beside an address: `list_taro@example.jp_1.csv`. */
export function withoutSpellingsInName(name: string, spellings: readonly string[], instead: string): string {
  return name.replace(new RegExp(patternOf(spellings), 'giu'), instead)
}

/** The same for bytes, whatever else they are. */
export function withoutSpellingsInBytes(
  bytes: Uint8Array,
  spellings: readonly string[],
  instead: string,
): Buffer {
  const asBytes = spellings.map((spelling) => Buffer.from(spelling).toString('latin1'))
  return Buffer.from(withoutSpellings(Buffer.from(bytes).toString('latin1'), asBytes, instead), 'latin1')
}

function patternOf(spellings: readonly string[]): string {
  const longestFirst = spellings.toSorted((a, b) => b.length - a.length)
  return longestFirst.map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|')
}
