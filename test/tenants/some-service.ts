import { randomBytes } from 'node:crypto'
import type { Database } from '../../src/storage/database.ts'
import { type IdSource, idSource } from '../../src/storage/id-block.ts'
import { createService, type Service, type ServiceChange } from '../../src/tenants/service.ts'
import { createSite } from '../../src/tenants/site.ts'

/** A new service of a new site, under names that nobody else has, and a source of ids for its lists. */
export async function someService(
  database: Database,
  given: ServiceChange = {},
): Promise<{ service: Service; listIds: IdSource }> {
  const name = randomBytes(6).toString('hex')
  const listIds = idSource(database, 'list')
  const site = await createSite(database, { name, now: 0 })
  return {
    service: await createService(database, listIds, { ...given, siteId: site.id, name, now: 0 }),
    listIds,
  }
}
