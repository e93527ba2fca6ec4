import { type Query, query } from './query.ts'

const ITEMS_PER_PAGE = 1_000

export interface Page<T> {
  items: T[]
  next: string | null
}

/**
 * Yields items one by one, fetching page after page: `read` is given the query string, filter included. A page may be
 * empty although there is a next one.
 */
export async function* pages<T>(
  read: (page: string) => Promise<Page<T>>,
  filter: Query = {},
): AsyncGenerator<T> {
  let cursor: string | undefined
  for (;;) {
    const { items, next } = await read(query({ ...filter, limit: ITEMS_PER_PAGE, cursor }))
    yield* items
    if (next === null) return
    cursor = next
  }
}
