import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { type PurgeOptions, purgePages } from '../storage/purge-pages.ts'
import { retentionLimits } from '../tenants/retention.ts'

interface MailOptions extends PurgeOptions {
  /** How many days mail for no service is kept. */
  nobodysDays: number
}

/** Removes mails that came in longer ago than their service keeps them. Answers how many went. */
export async function purgeInboundMails(
  database: Database,
  now: number,
  { nobodysDays, ...options }: MailOptions,
): Promise<number> {
  const limits = [
    ...(await retentionLimits(database, now, 'inboundDays')),
    { serviceId: null, before: now - nobodysDays * DAY_MS },
  ]
  let removed = 0
  for (const { serviceId, before } of limits) {
    removed += await purgePages<OldMail>(options, {
      find: (after, most) => database.read(oldMails(database, serviceId, before, after).limit(most)),
      bytesOf: ({ bytes }) => bytes,
      remove: (rows) => remove(database, rows),
    })
  }
  return removed
}

interface OldMail {
  id: number
  bytes: number
}

function oldMails({ query }: Database, serviceId: number | null, before: number, after: OldMail | undefined) {
  return query
    .selectFrom('inbound_mail')
    .select('id')
    .select(sql<number>`octet_length(raw)`.as('bytes'))
    .where('service_id', serviceId === null ? 'is' : '=', serviceId)
    .where('id', '>', after?.id ?? 0)
    .where('received_at', '<=', before)
    .orderBy('id')
}

async function remove({ query, transact }: Database, rows: readonly OldMail[]): Promise<number> {
  const ids = rows.map(({ id }) => id)
  const [gone] = await transact([query.deleteFrom('inbound_mail').where('id', 'in', ids).returning('id')])
  return gone.length
}
