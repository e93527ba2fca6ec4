import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type PurgeOptions, purgePages } from '../../storage/purge-pages.ts'
import { rowSet } from '../../storage/row-set.ts'
import { retentionLimits } from '../../tenants/retention.ts'

/**
 * Removes mails that were kept for lack of a relay, the service's `mailDays` after they were made. Answers how many.
 */
export async function purgeKeptMail(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  const limits = await retentionLimits(database, now, 'mailDays')
  const befores = new Map(limits.map(({ serviceId, before }) => [serviceId, before]))
  return purgePages<KeptMail>(options, {
    find: (after, most) => database.read(keptMails(database, after).limit(most)),
    isDoomed: ({ service_id, updated_at }) => updated_at <= (befores.get(service_id) ?? 0),
    bytesOf: ({ bytes }) => bytes,
    remove: async (rows) => {
      await database.transact([removeKeptMail(database, rows)])
      return rows.length
    },
  })
}

/** The statement that removes the kept mail of these messages. */
export function removeKeptMail(database: Database, mails: readonly { bucket: number; message_id: number }[]) {
  const keys = mails.map(({ bucket, message_id }) => ({ bucket, message_id }))
  const given = rowSet(database, 'given', { bucket: 'integer', message_id: 'integer' }, keys)
  return database.query
    .deleteFrom('kept_mail')
    .where(sql<boolean>`(bucket, message_id) in (select bucket, message_id from ${given})`)
}

interface KeptMail {
  bucket: number
  message_id: number
  service_id: number
  updated_at: number
  bytes: number
}

function keptMails({ query }: Database, after: KeptMail | undefined) {
  let rows = query
    .selectFrom('kept_mail as k')
    .innerJoin('message as m', (join) =>
      join.onRef('m.bucket', '=', 'k.bucket').onRef('m.id', '=', 'k.message_id'),
    )
    .select(['k.bucket', 'k.message_id', 'm.service_id', 'm.updated_at'])
    .select(sql<number>`octet_length(k.raw)`.as('bytes'))
  if (after) {
    rows = rows.where(sql<boolean>`(k.bucket, k.message_id) > (${after.bucket}, ${after.message_id})`)
  }
  return rows.orderBy('k.bucket').orderBy('k.message_id')
}
