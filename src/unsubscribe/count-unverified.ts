import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'

/** How many requests, to the lists of a service or to any list, wait for a key that is missing. */
export async function countUnverified(database: Database, serviceId?: number): Promise<number> {
  let rows = database.query.selectFrom('unverified_request as u')
  if (serviceId !== undefined) {
    rows = rows.where('u.class_id', 'in', (eb) =>
      eb
        .selectFrom('list')
        .select(sql<string>`class_id`.as('class_id'))
        .where('service_id', '=', serviceId)
        .where('class_id', 'is not', null),
    )
  }
  const [found] = await database.read(rows.select(({ fn }) => fn.countAll<number>().as('count')))
  return found?.count ?? 0
}
