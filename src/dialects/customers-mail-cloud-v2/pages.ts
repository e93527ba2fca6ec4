import type { PageRequest } from './decode.ts'
import { refused } from './errors.ts'

/** Nobody pages farther than this: there are files for that. */
const MOST_BEFORE_PAGE = 1_000_000

/**
 * The wanted page of rows that are read in pages of another size; only one page is held at a time. Throws Refused
 * 10-004 (`p`) for a page that begins after a million rows.
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
