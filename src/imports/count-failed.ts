import type { Database } from '../storage/database.ts'

/** How many imports of a service have failed since `since` (epoch milliseconds). */
export async function countFailedImports(
  database: Database,
  serviceId: number,
  since: number,
): Promise<number> {
  const [found] = await database.read(
    database.query
      .selectFrom('import')
      .where('service_id', '=', serviceId)
      .where('state', '=', 'failed')
      .where('finished_at', '>=', since)
      .select(({ fn }) => fn.countAll<number>().as('count')),
  )
  return found?.count ?? 0
}
