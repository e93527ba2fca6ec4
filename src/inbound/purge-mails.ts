import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { findServices } from '../tenants/service.ts'

const MOST_PER_COMMIT = 100

/** Removes mails that came in longer ago than their service keeps them. Answers how many went. */
export async function purgeInboundMails(
  database: Database,
  now: number,
  {
    nobodysDays,
    batch = MOST_PER_COMMIT,
    signal,
  }: {
    /** For how long mail stays that is no service's. */
    nobodysDays: number
    batch?: number
    signal?: AbortSignal
  },
): Promise<number> {
  const services = await findServices(database)
  const limits = [
    ...services.map(({ id, settings }) => ({ serviceId: id, days: settings.inboundDays })),
    { serviceId: null, days: nobodysDays },
  ]
  let removed = 0
  for (const { serviceId, days } of limits) {
    const before = now - days * DAY_MS
    for (;;) {
      if (signal?.aborted) return removed
      const gone = await removeSome(database, serviceId, before, batch)
      removed += gone
      if (gone < batch) break
    }
  }
  return removed
}

async function removeSome(
  database: Database,
  serviceId: number | null,
  before: number,
  most: number,
): Promise<number> {
  const { query } = database
  const old = query
    .selectFrom('inbound_mail')
    .select('id')
    .where('service_id', serviceId === null ? 'is' : '=', serviceId)
    .where('received_at', '<=', before)
    .orderBy('id')
    .limit(most)
  const ids = (await database.read(old)).map(({ id }) => id)
  if (ids.length === 0) return 0
  const [gone] = await database.transact([
    query.deleteFrom('inbound_mail').where('id', 'in', ids).returning('id'),
  ])
  return gone.length
}
