import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { rowSet } from '../../storage/row-set.ts'
import { addCounts } from '../day-counts.ts'

type Exclusion = Pick<MessageTable, 'excluded_list_id' | 'excluded_reason' | 'excluded_since'>

export type AskedAgain = Pick<MessageTable, 'bucket' | 'id' | 'content_id'> & Exclusion

export interface Requeue {
  deliveryId: number
  /** Messages whose recipients may be mailed now; for transactional mail, `exclusion` is what was overridden. */
  deliverable: readonly AskedAgain[]
  /** Messages whose recipients are still excluded, perhaps for a different reason. */
  excluded: readonly AskedAgain[]
  lane: number
  dueAt: number
  now: number
  /** Where the queued ones are counted as accepted. */
  count: { serviceId: number; day: string; sender: string }
}

const COLUMNS = {
  bucket: 'integer',
  id: 'integer',
  content_id: 'integer',
  excluded_list_id: 'integer',
  excluded_reason: 'text',
  excluded_since: 'integer',
} as const

/**
 * Puts excluded messages into the queue, due for their first attempt, and updates the reason of the others. Nothing is
 * queued when the delivery is no longer active or its content is gone; the period for which content is kept starts
 * again. Answers how many were queued.
 */
export async function requeueExcluded(
  database: Database,
  { deliveryId, deliverable, excluded, lane, dueAt, now, count }: Requeue,
): Promise<number> {
  const { query } = database
  const given = rowSet(database, 'given', COLUMNS, deliverable)
  const others = rowSet(database, 'given', COLUMNS, excluded)
  const isSame = sql<boolean>`message.bucket = given.bucket and message.id = given.id and message.state = 'excluded'`
  const mayGo = sql<boolean>`${isSame}
    and exists (select 1 from delivery where delivery.id = ${deliveryId} and delivery.state = 'active')
    and exists (select 1 from content where content.id = given.content_id)`
  const asGiven = {
    excluded_list_id: sql<number>`given.excluded_list_id`,
    excluded_reason: sql<string>`given.excluded_reason`,
    excluded_since: sql<number>`given.excluded_since`,
    updated_at: now,
  }
  const results = await database.transact([
    // Makes whoever pauses the delivery, or asks for the same re-send, wait until this is done.
    query
      .updateTable('delivery')
      .set({ state: 'active' })
      .where('id', '=', deliveryId)
      .where('state', '=', 'active'),
    // Renewed before anything depends on it, so that the content is not purged.
    query
      .updateTable('content')
      .set({ stored_at: now })
      .where(sql<boolean>`id in (select content_id from ${given})`),
    addCounts(
      database,
      sql`select m.service_id, m.day, m.sender, 'accepted', 0, m.count
        from (select cast(${count.serviceId} as bigint) as service_id, cast(${count.day} as text) as day,
          cast(${count.sender} as text) as sender, count(*) as count from ${given}, message where ${mayGo}) as m
        where m.count > 0`,
    ),
    query.updateTable('message').from(others).set(asGiven).where(isSame),
    query
      .updateTable('message')
      .from(given)
      .set({ ...asGiven, state: 'queued', attempts: 0, reply: null, lane, due_at: dueAt })
      .where(mayGo)
      .returning('message.id'),
  ])
  return results[4].length
}
