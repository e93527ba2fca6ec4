import type { Compilable } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { Service } from '../tenants/service.ts'
import type { Site } from '../tenants/site.ts'
import { findApiUsers } from './api-user.ts'

export async function renameSite(database: Database, site: Site, name: string): Promise<void> {
  await database.transact([database.query.updateTable('site').set({ name }).where('id', '=', site.id)])
}

/** Renames a service together with the grants that name it. */
export async function renameService(database: Database, service: Service, name: string): Promise<void> {
  const { query } = database
  const users = await findApiUsers(database, service.siteId)
  const statements: Compilable[] = [query.updateTable('service').set({ name }).where('id', '=', service.id)]
  for (const { id, services } of users.filter((user) => user.services.includes(service.name))) {
    const renamed = services.map((granted) => (granted === service.name ? name : granted))
    statements.push(
      query
        .updateTable('api_user')
        .set({ services_json: JSON.stringify(renamed) })
        .where('id', '=', id),
    )
  }
  await database.transact(statements)
}
