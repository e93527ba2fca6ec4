export interface Page<T> {
  items: T[]
  next: string | null
}

/** Reads a page, given what goes into the query of the call. */
type ReadPage<T> = (page: { limit: number; cursor: string | undefined }) => Promise<Page<T>>

const MOST_PER_PAGE = 1_000

/** Items page by page, at most `most`; a page may be empty although there is a next one. */
export async function* readPages<T>(read: ReadPage<T>, most = Number.POSITIVE_INFINITY): AsyncGenerator<T[]> {
  let cursor: string | undefined
  for (let left = most; left > 0; ) {
    const { items, next } = await read({ limit: Math.min(left, MOST_PER_PAGE), cursor })
    yield items
    if (next === null) return
    left -= items.length
    cursor = next
  }
}

/** All items together, for when they are few or `most` limits them. */
export async function readAll<T>(read: ReadPage<T>, most?: number): Promise<T[]> {
  const found: T[] = []
  for await (const items of readPages(read, most)) found.push(...items)
  return found
}
