import { type Query, query } from './query.ts'

const ITEMS_PER_PAGE = 1_000

export interface Page<T> {
  items: T[]
  next: string | null
}

/**
 * Things as they come, page by page: `read` gets what stands behind the path, the filter with it. Pages may be empty while
 * there is a next one.
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
