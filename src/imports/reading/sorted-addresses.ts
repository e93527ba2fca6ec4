import type { Address } from '../../kernel/address.ts'

/** The addresses of a file, each once, in the order of their keys. */
export interface SortedAddresses {
  count: number
  /** Those from `first` to before `end`: the key, followed by the address where it differs. */
  slice(first: number, end: number): [key: string, address?: string][]
}

/**
 * How many leading characters choose the bucket. Real addresses make some ten thousand buckets, each small enough to be
 * sorted in a processor's cache.
 */
const HEAD = 3
/** No address holds it and nothing sorts before it, so that a spelling with capitals sorts right after its key. */
const SPELLED = '\0'
/** Digits of a row number, padded so that the first row sorts first. */
const DIGITS = 9

/**
 * Collects addresses as they come. A set would take twice the memory of its content, and as long as all other reading
 * together; once sorted, repeats are adjacent. The spelling of the first row with capitals counts.
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

/** A copy of the text: a slice would keep the part of the file that it was cut from in memory. */
function alone(text: string): string {
  return Buffer.from(text).toString()
}

function spelled(key: string, address: string, number: number): string {
  return `${key}${SPELLED}${String(number).padStart(DIGITS, '0')}${address}`
}

/** Each key once: with its first different spelling, or else as itself. */
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
