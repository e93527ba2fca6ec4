import type { Database } from '../storage/database.ts'

/** How many mails that came in for a service were not understood, and nobody has seen to. */
export async function countOpenMails(database: Database, serviceId: number): Promise<number> {
  const [found] = await database.read(
    database.query
      .selectFrom('inbound_mail')
      .where('outcome', '=', 'not-understood')
      .where('resolved_at', 'is', null)
      .where('service_id', '=', serviceId)
      .select(({ fn }) => fn.countAll<number>().as('count')),
  )
  return found?.count ?? 0
}
