import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'

type Key = readonly (string | number)[]

/** The part of an index that a page may read: after `after`, up to and including `last`. */
export interface Stretch {
  after: Key | undefined
  last: Key | undefined
}

export interface Walk<R> {
  /** The key this many places further on in the index; undefined when the index ends before. */
  keyAfter(after: Key | undefined, places: number): Promise<Key | undefined>
  /** The first wanted rows in the stretch, in the order of the index. */
  read(stretch: Stretch, most: number): Promise<R[]>
  keyOf(row: R): Key
}

/**
 * So few that what is made from a page is short-lived: larger pages outlive a garbage collection, and the heap grows to
 * hold many of them.
 */
const MOST_ROWS_PER_PAGE = 1_000
/**
 * A statement looks at no more than this many rows, however few of them are wanted, so that none holds the database up.
 */
const MOST_ROWS_SEEN = 20_000

/**
 * Reads an index from its beginning to its end, in pages of at most 1,000 rows, each of them a statement of its own: a
 * slow reader holds nothing in the database. The next page is read while the one at hand is used. A row whose key stays
 * the same appears exactly once.
 */
export async function* walk<R>(index: Walk<R>): AsyncGenerator<R[]> {
  let coming: Promise<Page<R>> | undefined = stretchAfter(index, undefined).then(readPage(index))
  while (coming) {
    const { rows, next }: Page<R> = await coming
    coming = next?.then(readPage(index))
    // A reader that stops does not hear of a failure of the page that would have come next.
    coming?.catch(() => {})
    // The next page is only asked for within this turn of the event loop: without it PostgreSQL would rest while the
    // page at hand is used, and this process after that.
    if (coming) await nextTurn()
    if (rows.length > 0) yield rows
  }
}

interface Page<R> {
  rows: R[]
  /** The rest of the stretch, or the one after it; undefined at the end of the index. */
  next: Promise<Stretch> | undefined
}

function readPage<R>(index: Walk<R>): (stretch: Stretch) => Promise<Page<R>> {
  return async (stretch) => {
    const rows = await index.read(stretch, MOST_ROWS_PER_PAGE)
    const final = rows.at(-1)
    if (rows.length === MOST_ROWS_PER_PAGE && final !== undefined) {
      return { rows, next: Promise.resolve({ ...stretch, after: index.keyOf(final) }) }
    }
    return { rows, next: stretch.last && stretchAfter(index, stretch.last) }
  }
}

async function stretchAfter<R>(index: Walk<R>, after: Key | undefined): Promise<Stretch> {
  return { after, last: await index.keyAfter(after, MOST_ROWS_SEEN) }
}

/**
 * Whether a row lies in the stretch and, where the key begins with its moment, in the period. Of two bounds on the same
 * side only the closer one is used: given both, SQLite may seek by the farther one.
 */
export function inStretch(
  key: readonly RawBuilder<string | number>[],
  { after, last }: Stretch,
  { from, to }: { from?: number | undefined; to?: number | undefined } = {},
): RawBuilder<boolean> {
  const conditions = [
    after && sql`(${sql.join(key)}) > (${sql.join(after)})`,
    from !== undefined && !after && sql`${key[0]} >= ${from}`,
    last && sql`(${sql.join(key)}) <= (${sql.join(last)})`,
    to !== undefined && !last && sql`${key[0]} < ${to}`,
  ].filter((condition) => condition !== undefined && condition !== false)
  return conditions.length === 0 ? sql`1 = 1` : sql`(${sql.join(conditions, sql` and `)})`
}
