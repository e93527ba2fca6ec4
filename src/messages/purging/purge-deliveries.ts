import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type PurgeOptions, purgePages } from '../../storage/purge-pages.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { type RetentionLimit, retentionLimits } from '../../tenants/retention.ts'

/** The limit keeps PostgreSQL from reading all messages to answer it. */
const hasMessages = sql<boolean>`(select 1 from message where message.delivery_id = delivery.id limit 1) is not null`

/**
 * Removes deliveries that are older than messages are kept and have none left. A delivery with a reference loses the
 * reference first and goes with the next run, so that a mail joining it at this moment still finds it. Answers how many
 * were removed.
 */
export async function purgeDeliveries(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  let removed = 0
  for (const limit of await retentionLimits(database, now, 'messageDays')) {
    removed += await purgePages<OldDelivery>(options, {
      find: (after, most) => database.read(oldDeliveries(database, limit, after).limit(most)),
      isDoomed: ({ has_messages }) => has_messages === 0,
      remove: (rows) => remove(database, rows),
    })
  }
  return removed
}

type OldDelivery = Pick<Tables['delivery'], 'id' | 'created_at'> & { has_messages: number }

function oldDeliveries(
  { query }: Database,
  { serviceId, before }: RetentionLimit,
  after: OldDelivery | undefined,
) {
  let rows = query
    .selectFrom('delivery')
    .select(['id', 'created_at'])
    .select(sql<number>`case when ${hasMessages} then 1 else 0 end`.as('has_messages'))
    .where('service_id', '=', serviceId)
    .where('created_at', '<=', before)
  if (after) rows = rows.where(sql<boolean>`(created_at, id) > (${after.created_at}, ${after.id})`)
  return rows.orderBy('created_at').orderBy('id')
}

async function remove(database: Database, rows: readonly OldDelivery[]): Promise<number> {
  const { query } = database
  const ids = rows.map(({ id }) => ({ id }))
  const given = rowSet(database, 'given', { id: 'integer' }, ids)
  const empty = sql<boolean>`id in (select id from ${given}) and not (${hasMessages})`
  const [gone] = await database.transact([
    query.deleteFrom('delivery').where(empty).where('reference', 'is', null).returning('id'),
    query.updateTable('delivery').set({ reference: null }).where(empty).where('reference', 'is not', null),
  ])
  return gone.length
}
