import type { PageRequest } from './decode.ts'
import { refused } from './errors.ts'

/** Behind it nobody leafs through pages any more: there are files. */
const MOST_BEFORE_PAGE = 1_000_000

/**
 * The page that is wanted of rows which are read in pages of their own: nothing is held but the page at hand. Throws Refused
 * 10-004 (`p`) for one that begins behind a million rows.
 */
export async function pageOf<T>(
  pages: AsyncIterable<readonly T[]>,
  { page, size }: PageRequest,
): Promise<T[]> {
  let before = page * size
  if (before > MOST_BEFORE_PAGE) throw refused('10-004', 'p')
  const found: T[] = []
  for await (const rows of pages) {
    found.push(...rows.slice(before, before + size - found.length))
    before = Math.max(0, before - rows.length)
    if (found.length === size) break
  }
  return found
}
