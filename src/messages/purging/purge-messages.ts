import { sql } from 'kysely'
import { DAY_MS } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { type PurgeOptions, purgePages } from '../../storage/purge-pages.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { type RetentionLimit, retentionLimits } from '../../tenants/retention.ts'
import { removeKeptMail } from './purge-kept-mail.ts'

/** A report on a mail may come this long after the last attempt. */
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
  const quiet = now - KEPT_AFTER_LAST_CHANGE_MS
  let removed = 0
  for (const limit of await retentionLimits(database, now, 'messageDays')) {
    removed += await purgePages<OldMessage>(options, {
      find: (after, most) => database.read(oldMessages(database, limit, after).limit(most)),
      isDoomed: ({ state, updated_at }) => state !== 'queued' && state !== 'sending' && updated_at <= quiet,
      remove: (rows) => remove(database, rows, quiet),
    })
  }
  return removed
}

type OldMessage = Pick<Tables['message'], 'bucket' | 'id' | 'accepted_at' | 'state' | 'updated_at'>

/** Old messages, done or not: those that still wait are skipped page by page. */
function oldMessages(
  { query }: Database,
  { serviceId, before }: RetentionLimit,
  after: OldMessage | undefined,
) {
  let rows = query
    .selectFrom('message')
    .select(['bucket', 'id', 'accepted_at', 'state', 'updated_at'])
    .where('service_id', '=', serviceId)
    .where('accepted_at', '<=', before)
  if (after) rows = rows.where(sql<boolean>`(accepted_at, id) > (${after.accepted_at}, ${after.id})`)
  return rows.orderBy('accepted_at').orderBy('id')
}

async function remove(database: Database, rows: readonly OldMessage[], quiet: number): Promise<number> {
  const keys = rows.map(({ bucket, id }) => ({ bucket, id }))
  const given = rowSet(database, 'given', { bucket: 'integer', id: 'integer' }, keys)
  const kept = rows.filter(({ state }) => state === 'kept')
  const mails = kept.map(({ bucket, id }) => ({ bucket, message_id: id }))
  const [gone] = await database.transact([
    database.query
      .deleteFrom('message')
      .where(sql<boolean>`(bucket, id) in (select bucket, id from ${given})`)
      // A message that is sent again meanwhile stays.
      .where(sql<boolean>`state || '' not in ('queued', 'sending')`)
      .where('updated_at', '<=', quiet)
      .returning('id'),
    ...(mails.length > 0 ? [removeKeptMail(database, mails)] : []),
  ])
  return gone.length
}
