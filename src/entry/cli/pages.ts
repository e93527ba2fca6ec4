interface Page<T> {
  items: T[]
  next: string | null
}

const MOST_PER_PAGE = 1_000

/** Things as they come, page by page, at most so many; pages may be empty while there is a next one. */
export async function* readPages<T>(
  read: (page: { limit: number; cursor?: string | undefined }) => Promise<Page<T>>,
  most: number,
): AsyncGenerator<T[]> {
  let cursor: string | undefined
  for (let left = most; left > 0; ) {
    const { items, next } = await read({ limit: Math.min(left, MOST_PER_PAGE), cursor })
    yield items
    if (next === null) return
    left -= items.length
    cursor = next
  }
}
