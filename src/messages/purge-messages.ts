import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'
import { findServices } from '../tenants/service.ts'
import { removeKeptMail } from './purge-contents.ts'
import { type PurgeOptions, purgePages } from './purge-pages.ts'

/** The limit keeps PostgreSQL from gathering all messages for it. */
const hasMessages = sql<boolean>`(select 1 from message where message.delivery_id = delivery.id limit 1) is not null`

/** A report of what became of a mail may come this long after the last attempt. */
const KEPT_AFTER_LAST_CHANGE_MS = 30 * DAY_MS

/**
 * Removes messages that are done, the service's `messageDays` after they were accepted and never sooner than 30 days after
 * their last change. The counters of the day stay. Answers how many were removed.
 */
export async function purgeMessages(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  const { query } = database
  const quiet = now - KEPT_AFTER_LAST_CHANGE_MS
  let removed = 0
  for (const { id, before } of await limitsOf(database, now)) {
    removed += await purgePages<OldMessage>(options, {
      find: (after, most) => database.read(oldMessages(database, id, before, after).limit(most)),
      isDoomed: ({ state, updated_at }) => state !== 'queued' && state !== 'sending' && updated_at <= quiet,
      remove: async (rows) => {
        const keys = rows.map((row) => ({ bucket: row.bucket, id: row.id }))
        const given = rowSet(database, 'given', { bucket: 'integer', id: 'integer' }, keys)
        const kept = rows
          .filter(({ state }) => state === 'kept')
          .map((row) => ({ bucket: row.bucket, message_id: row.id }))
        const [gone] = await database.transact([
          query
            .deleteFrom('message')
            .where(sql<boolean>`(bucket, id) in (select bucket, id from ${given})`)
            // One that is sent again meanwhile stays.
            .where(sql<boolean>`state || '' not in ('queued', 'sending')`)
            .where('updated_at', '<=', quiet)
            .returning('id'),
          ...(kept.length > 0 ? [removeKeptMail(database, kept)] : []),
        ])
        return gone.length
      },
    })
  }
  return removed
}

/**
 * Removes deliveries that are as old and have no message left. One with a reference loses that first and goes with the next
 * run: a mail that joins it at this moment still finds it. Answers how many were removed.
 */
export async function purgeDeliveries(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  const { query } = database
  let removed = 0
  for (const { id, before } of await limitsOf(database, now)) {
    removed += await purgePages<OldDelivery>(options, {
      find: (after, most) => database.read(oldDeliveries(database, id, before, after).limit(most)),
      isDoomed: ({ has_messages }) => has_messages === 0,
      remove: async (rows) => {
        const given = rowSet(
          database,
          'given',
          { id: 'integer' },
          rows.map((row) => ({ id: row.id })),
        )
        const empty = sql<boolean>`id in (select id from ${given}) and not (${hasMessages})`
        const [gone] = await database.transact([
          query.deleteFrom('delivery').where(empty).where('reference', 'is', null).returning('id'),
          query
            .updateTable('delivery')
            .set({ reference: null })
            .where(empty)
            .where('reference', 'is not', null),
        ])
        return gone.length
      },
    })
  }
  return removed
}

/** Services that do not keep messages for ever, and when what goes came at the latest. */
async function limitsOf(database: Database, now: number): Promise<{ id: number; before: number }[]> {
  const services = await findServices(database)
  return services.flatMap(({ id, settings: { messageDays } }) =>
    messageDays === null ? [] : [{ id, before: now - messageDays * DAY_MS }],
  )
}

type OldMessage = Pick<Tables['message'], 'bucket' | 'id' | 'accepted_at' | 'state' | 'updated_at'>
type OldDelivery = Pick<Tables['delivery'], 'id' | 'created_at'> & { has_messages: number }

/** Done or not: messages that wait for long are passed over page by page. */
function oldMessages({ query }: Database, serviceId: number, before: number, after: OldMessage | undefined) {
  let rows = query
    .selectFrom('message')
    .select(['bucket', 'id', 'accepted_at', 'state', 'updated_at'])
    .where('service_id', '=', serviceId)
    .where('accepted_at', '<=', before)
  if (after) rows = rows.where(sql<boolean>`(accepted_at, id) > (${after.accepted_at}, ${after.id})`)
  return rows.orderBy('accepted_at').orderBy('id')
}

function oldDeliveries(
  { query }: Database,
  serviceId: number,
  before: number,
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
