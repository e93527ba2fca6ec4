import { type RawBuilder, sql } from 'kysely'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** A page in the order of its key. `next` is null when nothing follows; it may be there although the page is empty. */
export interface ScanPage<R> {
  items: R[]
  next: string | null
}

export interface Bounds {
  /** The page before ended here. */
  after: number[] | undefined
  /** The page ends here, itself included. */
  floor: number[] | undefined
}

interface Scan<R> {
  /** How many integers the key of the index has that is walked, from its highest values down. */
  keyLength: number
  cursor: string | undefined
  limit: number
  /** True when rows of the index are left out: then the page looks at a bounded number of them. */
  selective: boolean
  /** The key so many places further down, of whatever the index holds. */
  keyAfter(after: number[] | undefined, places: number): Promise<number[] | undefined>
  read(bounds: Bounds, most: number): Promise<R[]>
  keyOf(row: R): number[]
}

/** A page looks at so many rows at most, however few of them it wants: none of them holds the database up. */
const MOST_ROWS_SEEN = 20_000

/**
 * Reads one page down an index, newest first. Where few rows are wanted, pages are short or empty while there is a next
 * one. A row that existed throughout appears exactly once. Throws DomainError `invalid-value` for a cursor that is none.
 */
export async function scanPage<R>(scan: Scan<R>): Promise<ScanPage<R>> {
  const { cursor, limit } = scan
  const kinds = new Array<'integer'>(scan.keyLength).fill('integer')
  const after = cursor === undefined ? undefined : decodeCursor(cursor, kinds)
  const floor = scan.selective ? await scan.keyAfter(after, MOST_ROWS_SEEN - 1) : undefined
  const found = await scan.read({ after, floor }, limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  if (found.length > limit && last) return { items, next: encodeCursor(scan.keyOf(last)) }
  return { items, next: floor ? encodeCursor(floor) : null }
}

/**
 * That a row lies between the bounds and, where the key begins with its moment, in the period. Of a period's bound and a
 * page's on the same side only the closer one stands there: given both, SQLite may seek by the farther.
 */
export function within(
  key: readonly RawBuilder<number>[],
  { after, floor }: Bounds,
  { from, to }: { from?: number | undefined; to?: number | undefined } = {},
): RawBuilder<boolean> {
  const [latest = Number.POSITIVE_INFINITY] = after ?? []
  const conditions = [
    to !== undefined && to <= latest && sql`${key[0]} < ${to}`,
    from !== undefined && !floor && sql`${key[0]} >= ${from}`,
    after && sql`(${sql.join(key)}) < (${sql.join(after)})`,
    floor && sql`(${sql.join(key)}) >= (${sql.join(floor)})`,
  ].filter((condition) => condition !== undefined && condition !== false)
  return conditions.length === 0 ? sql`1 = 1` : sql`(${sql.join(conditions, sql` and `)})`
}
