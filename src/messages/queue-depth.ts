import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'

/** How many messages wait or are under way, and since when the oldest that waits is due, in milliseconds: for the metrics. */
export async function queueDepth(
  database: Database,
  now: number,
): Promise<{ depth: number; oldestMs: number }> {
  const { query } = database
  const inState = (state: 'queued' | 'sending') =>
    query
      .selectFrom('message')
      .select(({ fn }) => [fn.countAll<number>().as('depth'), fn.min('due_at').as('oldest')])
      // Written out: only then does a prepared statement use the index of that state alone.
      .where('state', '=', sql.lit(state))
  // A statement each: each state has its own partial index.
  const [[queued], [sending]] = await Promise.all([
    database.read(inState('queued')),
    database.read(inState('sending')),
  ])
  const oldest = queued?.oldest as number | null | undefined
  return {
    depth: (queued?.depth ?? 0) + (sending?.depth ?? 0),
    oldestMs: oldest == null ? 0 : Math.max(0, now - oldest),
  }
}
