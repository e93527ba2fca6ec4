import { decodeCursor, encodeCursor } from '../../storage/cursor.ts'
import type { Page, PageRequest } from './parts.ts'

/** The id after which a page of rows begins. Throws DomainError `invalid-value` (`cursor`). */
export function idAfter({ cursor }: PageRequest): number | undefined {
  return cursor === undefined ? undefined : decodeCursor(cursor, ['integer'])[0]
}

/** A page of rows that were read by id, one more than fits: its presence tells that there is a next page. */
export function pageById<T extends { id: number }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: last && rows.length > limit ? encodeCursor([last.id]) : null }
}

/** A page of what is small enough to be read whole, in the order of two numbers that together are unique. */
export function pageOf<T>(
  all: readonly T[],
  { cursor, limit }: PageRequest,
  keyOf: (item: T) => [number, number],
): Page<T> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, ['integer', 'integer'])
  const compare = (one: readonly number[], other: readonly number[]) =>
    (one[0] ?? 0) - (other[0] ?? 0) || (one[1] ?? 0) - (other[1] ?? 0)
  const rest = all
    .filter((item) => after === undefined || compare(keyOf(item), after) > 0)
    .sort((one, other) => compare(keyOf(one), keyOf(other)))
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return { items, next: last && rest.length > limit ? encodeCursor(keyOf(last)) : null }
}
