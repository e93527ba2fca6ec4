import type { Database } from '../storage/database.ts'

/** How many requests to the lists of a service wait for a key that its process lacks. */
export async function countUnverified(database: Database, serviceId: number): Promise<number> {
  const [found] = await database.read(
    database.query
      .selectFrom('unverified_request as u')
      .innerJoin('list as l', 'l.class_id', 'u.class_id')
      .where('l.service_id', '=', serviceId)
      .select(({ fn }) => fn.countAll<number>().as('count')),
  )
  return found?.count ?? 0
}
