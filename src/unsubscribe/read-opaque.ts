import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'

/** A request by a link that the customer made: only the customer can tell whose it is. */
export interface OpaquePart {
  /** Every byte after `base_url`, one character each. */
  part: string
  receivedAt: number
}

interface OpaquePeriod {
  listId: number
  /** Epoch milliseconds; `to` is the first moment after the period. */
  from: number
  to: number
  /** The last row that the reader has already. */
  after?: OpaquePosition | undefined
}

type OpaquePosition = [receivedAt: number, part: string]

const COLUMNS = [
  ['part', 'text'],
  ['received_at', 'integer'],
] as const
const MOST_ROWS_PER_PAGE = 5_000

/** Reads the opaque parts that came in a period in the order of their coming, in pages of at most 5,000 rows. */
export async function* readOpaqueParts(
  database: Database,
  { listId, from, to, after: known }: OpaquePeriod,
): AsyncGenerator<OpaquePart[]> {
  let after = known
  for (;;) {
    const found = await database.readCells(page(database, { listId, from, to, after }), COLUMNS)
    const rows = found.map(([part, receivedAt]) => ({ part, receivedAt }))
    const last = rows.at(-1)
    if (!last) return
    yield rows
    if (rows.length < MOST_ROWS_PER_PAGE) return
    after = [last.receivedAt, last.part]
  }
}

function page(database: Database, { listId, from, to, after }: OpaquePeriod) {
  return (
    database.query
      .selectFrom('opaque_request')
      .select(['part', 'received_at'])
      .where('list_id', '=', listId)
      .where('received_at', '<', to)
      // Only one lower bound: given two, SQLite may seek by the farther one.
      .where(({ eb, refTuple, tuple }) =>
        after
          ? eb(refTuple('received_at', 'part'), '>', tuple(...after))
          : eb('received_at', '>=', sql.val(from)),
      )
      .orderBy('received_at')
      .orderBy('part')
      .limit(MOST_ROWS_PER_PAGE)
  )
}
