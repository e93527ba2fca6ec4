import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'

export interface Recovery {
  now: number
  /** Messages whose attempts this process is making. */
  kept: readonly number[]
  /** Other attempts under our own leases that began before this moment are orphans. */
  orphanedBefore: number
}

/**
 * Gives attempts that nobody will finish back to the queue: those that an earlier holder of the bucket began, and those
 * that were written without this process hearing of it, as when the connection broke during the answer to the commit.
 * `leases` holds the epoch of each bucket's lease. Those of a cancelled delivery come back too: whoever claims them
 * cancels and counts them.
 */
export async function recoverBuckets(
  database: Database,
  leases: ReadonlyMap<number, number>,
  { now, kept, orphanedBefore }: Recovery,
): Promise<void> {
  if (leases.size === 0) return
  const { query } = database
  const rows = [...leases].map(([bucket, epoch]) => ({ bucket, epoch }))
  const held = rowSet(database, 'held', { bucket: 'integer', epoch: 'integer' }, rows)
  const keptIds = kept.map((id) => ({ id }))
  const isKept = sql<boolean>`message.id in (select id from ${rowSet(database, 'kept', { id: 'integer' }, keptIds)})`
  const isOrphan = sql<boolean>`(message.epoch = held.epoch and message.updated_at < ${orphanedBefore} and not ${isKept})`
  await database.transact([
    query
      .updateTable('message')
      .from(held)
      .set({ state: 'queued', due_at: now, updated_at: now })
      // Hidden from the other indexes: the one on attempts under way is small, however many messages there are.
      .where(sql<boolean>`message.bucket + 0 = held.bucket`)
      .where('message.state', '=', sql.lit('sending'))
      .where(sql<boolean>`(message.epoch < held.epoch or ${isOrphan})`),
  ])
}
