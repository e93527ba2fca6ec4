import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { BUCKETS } from '../sending/bucket.ts'

/** The needed contents among those after `after` and up to `upTo`. */
interface NeededContents {
  ids: ReadonlySet<number>
  /** Infinity when all needed contents are among them. */
  upTo: number
}

/**
 * The contents of messages that came before this moment and are not done: the `most` lowest ids after `after`, since
 * more may wait than fit into memory when a delivery of single mails is paused.
 */
export async function neededContents(
  database: Database,
  before: number,
  after: number,
  most: number,
): Promise<NeededContents> {
  let ids = new Set<number>()
  let upTo = Number.POSITIVE_INFINITY
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const found = await waitingIn(database, bucket, before, { after, upTo }, most + 1)
    for (const id of found) ids.add(id)
    if (ids.size <= most) continue
    const lowest = [...ids].sort((a, b) => a - b).slice(0, most)
    ids = new Set(lowest)
    upTo = lowest.at(-1) ?? after
  }
  return { ids, upTo }
}

async function waitingIn(
  { query, read }: Database,
  bucket: number,
  before: number,
  { after, upTo }: { after: number; upTo: number },
  most: number,
): Promise<number[]> {
  const inState = (state: 'queued' | 'sending') =>
    query
      .selectFrom('message')
      .select('content_id')
      // Keys first, from the small index on the state: SQLite would read the whole bucket for the other columns.
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('bucket', 'id'),
          'in',
          selectFrom('message')
            .select(['bucket', 'id'])
            .where('bucket', '=', bucket)
            .where(sql<boolean>`state = ${sql.lit(state)}`)
            .$asTuple('bucket', 'id'),
        ),
      )
      .where(sql`accepted_at + 0`, '<=', before)
      .where('content_id', '>', after)
      .where('content_id', '<=', Math.min(upTo, Number.MAX_SAFE_INTEGER))
  // One statement, since a message may go back and forth between the two states.
  const rows = inState('queued').union(inState('sending')).orderBy('content_id').limit(most)
  return (await read(rows)).map(({ content_id }) => content_id)
}
