import type { Address } from '../../kernel/address.ts'

/** The addresses of a file, each once, in the order of their keys. */
export interface SortedAddresses {
  count: number
  /** Those from `first` to before `end`: the key, and behind it the address where that is another text. */
  slice(first: number, end: number): [key: string, address?: string][]
}

/** So many characters decide about the bucket. Names make some ten thousand of them, small enough to be sorted in a processor's cache. */
const HEAD = 3
/** No address holds it, and nothing sorts before it: whoever is spelled with capitals comes right behind his key. */
const SPELLED = '\0'
/** Of the number of a row, so that the first of them comes first. */
const DIGITS = 9

/**
 * Takes addresses as they come. A set of them would take twice the memory of what it holds, and as long as all other reading; sorted,
 * repeats stand side by side. The spelling of the first row with capitals counts.
 */
export function collectAddresses() {
  const buckets = new Map<string, string[]>()
  let rows = 0
  return {
    add({ key, address }: Address, number: number): void {
      const text = alone(address === key ? key : spelled(key, address, number))
      const head = key.slice(0, HEAD)
      const bucket = buckets.get(head)
      if (bucket) bucket.push(text)
      else buckets.set(head, [text])
      rows++
    },
    rows: () => rows,
    sorted(): SortedAddresses {
      const texts: string[] = []
      for (const head of [...buckets.keys()].sort()) {
        for (const text of distinct(buckets.get(head)?.sort() ?? [])) texts.push(text)
        buckets.delete(head)
      }
      return {
        count: texts.length,
        slice: (first, end) => texts.slice(first, end).map(parts),
      }
    },
  }
}

/** The text without the part of the file that it was cut out of, which it would keep in memory. */
function alone(text: string): string {
  return Buffer.from(text).toString()
}

function spelled(key: string, address: string, number: number): string {
  return `${key}${SPELLED}${String(number).padStart(DIGITS, '0')}${address}`
}

/** Each key once: the first that is spelled otherwise, or else the key itself. */
function* distinct(sorted: readonly string[]): Generator<string> {
  let taken: string | undefined
  for (const [index, text] of sorted.entries()) {
    const key = keyOf(text)
    const isFollowed = text === key && keyOf(sorted[index + 1] ?? '') === key
    if (key === taken || isFollowed) continue
    taken = key
    yield text
  }
}

function keyOf(text: string): string {
  const end = text.indexOf(SPELLED)
  return end < 0 ? text : text.slice(0, end)
}

function parts(text: string): [key: string, address?: string] {
  const key = keyOf(text)
  return text === key ? [key] : [key, text.slice(key.length + SPELLED.length + DIGITS)]
}
