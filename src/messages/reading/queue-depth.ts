import { sql } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'

export interface QueueDepth {
  /** How many messages wait or are under way. */
  depth: number
  /** How long the oldest waiting message has been due, in milliseconds. */
  oldestMs: number
}

/** Counting walks over all that waits, so it is done no more often than this. */
const REMEMBERED_MS = 10_000

/** The depth for the metrics: counted at most every 10 seconds, however many ask; a failure is not remembered. */
export function queueDepthReader(database: Database, clock: Clock): () => Promise<QueueDepth> {
  let last: { at: number; depth: Promise<QueueDepth> } | undefined
  return () => {
    const now = clock()
    if (last && Math.abs(now - last.at) < REMEMBERED_MS) return last.depth
    const counted = { at: now, depth: queueDepth(database, now) }
    last = counted
    counted.depth.catch(() => {
      if (last === counted) last = undefined
    })
    return counted.depth
  }
}

export async function queueDepth(database: Database, now: number): Promise<QueueDepth> {
  const { query } = database
  const inState = (state: 'queued' | 'sending') =>
    query
      .selectFrom('message')
      .select(({ fn }) => [fn.countAll<number>().as('depth'), fn.min('due_at').as('oldest')])
      // Written out, not a parameter: only then does a prepared statement use the partial index on that state.
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
