import type { Page, PageRequest } from '../../../dialects/native/pages.ts'
import { decodeCursor, encodeCursor } from '../../../storage/cursor.ts'

/** A page of a collection that is small enough to be read whole, in the order of a key. */
export function pageOf<T>(
  items: readonly T[],
  { cursor, limit }: PageRequest,
  keyOfItem: (item: T) => string,
): Page<T> {
  const [after] = cursor === undefined ? [undefined] : decodeCursor(cursor, ['text'])
  const following = after === undefined ? items : items.filter((item) => isAfter(keyOfItem(item), after))
  return cut(following.slice(0, limit + 1), limit, (item) => [keyOfItem(item)])
}

/** Compares by bytes, as the databases sort. */
function isAfter(key: string, after: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0
}

/** Numbers as text that sorts like them. */
export function sortable(...numbers: number[]): string {
  return numbers.map((number) => String(number).padStart(16, '0')).join(' ')
}

/** The page from `limit + 1` rows, and the cursor when there are more. */
export function cut<T>(
  found: readonly T[],
  limit: number,
  position: (item: T) => (string | number)[],
): Page<T> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last ? encodeCursor(position(last)) : null }
}
