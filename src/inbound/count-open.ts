import type { Database } from '../storage/database.ts'
import { isOpen } from './kept-mails.ts'

/** How many mails that came in for a service, or for none, were not understood and have not been dealt with. */
export async function countOpenMails(database: Database, serviceId: number | null): Promise<number> {
  const [found] = await database.read(
    database.query
      .selectFrom('inbound_mail')
      .where(isOpen)
      .where('service_id', serviceId === null ? 'is' : '=', serviceId)
      .select(({ fn }) => fn.countAll<number>().as('count')),
  )
  return found?.count ?? 0
}
