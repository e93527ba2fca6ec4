import type { Compilable } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { refusingTakenName } from '../../storage/refusing-taken-name.ts'
import type { Service } from '../../tenants/service.ts'
import type { Site } from '../../tenants/site.ts'
import { findApiUsers } from '../api-user.ts'
import { findPeople } from '../people/person.ts'

/** Throws DomainError `name-taken`. */
export async function renameSite(database: Database, site: Site, name: string): Promise<void> {
  const rename = database.query.updateTable('site').set({ name }).where('id', '=', site.id)
  await refusingTakenName(`the site ${name} exists already`, () => database.transact([rename]))
}

/** Renames a service together with the grants of API users and people that name it. Throws DomainError `name-taken`. */
export async function renameService(database: Database, service: Service, name: string): Promise<void> {
  const { query } = database
  const [users, people] = await Promise.all([findApiUsers(database, service.siteId), findPeople(database)])
  const renamed = (services: readonly string[]) =>
    JSON.stringify(services.map((granted) => (granted === service.name ? name : granted)))
  // Grants that somebody changes at this moment keep that change: one that was revoked does not come back.
  const asRead = (services: readonly string[]) => JSON.stringify(services)
  const statements: Compilable[] = [query.updateTable('service').set({ name }).where('id', '=', service.id)]
  for (const { id, services } of users.filter((user) => user.services.includes(service.name))) {
    const change = query.updateTable('api_user').set({ services_json: renamed(services) })
    statements.push(change.where('id', '=', id).where('services_json', '=', asRead(services)))
  }
  // Names of services are unique across sites.
  for (const { id, services } of people.filter((person) => person.services.includes(service.name))) {
    const change = query.updateTable('person').set({ services_json: renamed(services) })
    statements.push(change.where('id', '=', id).where('services_json', '=', asRead(services)))
  }
  await refusingTakenName(`the service ${name} exists already`, () => database.transact(statements))
}
