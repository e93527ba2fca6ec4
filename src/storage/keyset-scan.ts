import { type RawBuilder, sql } from 'kysely'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** A page in the order of its key. `next` is null when nothing follows; it may be set although the page is empty. */
export interface ScanPage<R> {
  items: R[]
  next: string | null
}

export interface Bounds {
  /** Where the page before ended. */
  after: number[] | undefined
  /** Where the page ends, inclusive. */
  floor: number[] | undefined
}

interface Scan<R> {
  /** How many integers make up the key of the index, which is walked from its highest values down. */
  keyLength: number
  cursor: string | undefined
  limit: number
  /** True when the search leaves rows of the index out: then a page looks at a bounded number of them. */
  selective: boolean
  /** The key this many places further down in the index. */
  keyAfter(after: number[] | undefined, places: number): Promise<number[] | undefined>
  read(bounds: Bounds, most: number): Promise<R[]>
  keyOf(row: R): number[]
}

/** A page looks at no more than this many rows, however few of them it wants, so that none holds the database up. */
const MOST_ROWS_SEEN = 20_000

/**
 * Reads one page down an index, newest first. Where few rows are wanted, a page may be short or empty although there is
 * a next one. A row that existed throughout appears exactly once. Throws DomainError `invalid-value` for an invalid
 * cursor.
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
 * Whether a row lies between the bounds and, where the key begins with its moment, in the period. Of the period's and
 * the page's bound on the same side only the closer one is used: given both, SQLite may seek by the farther one.
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
