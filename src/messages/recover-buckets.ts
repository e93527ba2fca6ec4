import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'

/**
 * Gives attempts that an earlier holder of the buckets began and never ended back to the queue. `leases` holds the epoch of
 * each bucket's lease.
 */
export async function recoverBuckets(
  database: Database,
  leases: ReadonlyMap<number, number>,
  now: number,
): Promise<void> {
  if (leases.size === 0) return
  const { query } = database
  const rows = [...leases].map(([bucket, epoch]) => ({ bucket, epoch }))
  const held = rowSet(database, 'held', { bucket: 'integer', epoch: 'integer' }, rows)
  const cancelled = query
    .selectFrom('delivery')
    .select('id')
    .whereRef('delivery.id', '=', 'message.delivery_id' as never)
    .where('delivery.state', '=', 'cancelled')
  await database.transact([
    query
      .updateTable('message')
      .from(held)
      .set({
        state: sql<never>`case when exists ${cancelled} then 'cancelled' else 'queued' end`,
        due_at: now,
        updated_at: now,
      })
      // Concealed from the other indexes: the one of attempts under way is small, however many messages there are.
      .where(sql<boolean>`message.bucket + 0 = held.bucket`)
      .where('message.state', '=', sql.lit('sending'))
      .where(sql<boolean>`message.epoch < held.epoch`),
  ])
}
