import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import { findLists } from '../tenants/list.ts'
import { findServices } from '../tenants/service.ts'

const MOST_PER_COMMIT = 1_000

interface PurgeOptions {
  batch?: number
  /** Ends the work between two commits. */
  signal?: AbortSignal
}

/** Removes opaque parts that came longer ago than their service keeps them. Answers how many went. */
export async function purgeOpaqueParts(
  database: Database,
  now: number,
  { batch = MOST_PER_COMMIT, signal }: PurgeOptions = {},
): Promise<number> {
  let removed = 0
  for (const { id, settings } of await findServices(database)) {
    if (settings.opaqueDays === null) continue
    const before = now - settings.opaqueDays * DAY_MS
    for (const list of await findLists(database, id)) {
      for (;;) {
        if (signal?.aborted) return removed
        const gone = await removeSome(database, list.id, before, batch)
        removed += gone
        if (gone < batch) break
      }
    }
  }
  return removed
}

/** Finds by reading, which holds nobody up. */
async function removeSome(database: Database, listId: number, before: number, most: number): Promise<number> {
  const { query } = database
  const old = query
    .selectFrom('opaque_request')
    .select(['day', 'part'])
    .where('list_id', '=', listId)
    .where('received_at', '<=', before)
    .orderBy('received_at')
    .orderBy('part')
    .limit(most)
  const keys = await database.read(old)
  if (keys.length === 0) return 0
  const given = rowSet(database, 'given', { day: 'text', part: 'text' }, keys)
  const [gone] = await database.transact([
    query
      .deleteFrom('opaque_request')
      .where('list_id', '=', listId)
      .where(sql<boolean>`(day, part) in (select day, part from ${given})`)
      .returning('day'),
  ])
  return gone.length
}
