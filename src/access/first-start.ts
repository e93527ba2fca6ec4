import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { findServices } from '../tenants/service.ts'
import { findSites } from '../tenants/site.ts'
import { createApiUser, findApiUsers, type Role } from './api-user.ts'
import { newApiKey } from './api-user-key.ts'
import { provision } from './provision/provision.ts'
import type { ProvisionParts } from './provision/provision-parts.ts'

/** What the first user needs. The key is stored as a hash alone: it can be shown this once. */
export interface FirstCredentials {
  site: string
  service: { id: number; name: string }
  apiUser: { name: string; key: string }
}

const NAME = 'default'
const API_USER = 'admin@localhost'
const ROLE: Role = 'group-admin'

/**
 * Gives an installation that has no site a first one, with a service and an API user who may do everything in it;
 * completes a first start that was cut off. Undefined when somebody else made a site, when there is an API user, or
 * when another process that started at the same moment was first.
 */
export async function firstStart(parts: ProvisionParts): Promise<FirstCredentials | undefined> {
  if (!(await isFirst(parts.database))) return undefined
  try {
    return await makeCredentials(parts)
  } catch (error) {
    // A process that finds a name taken leaves the rest to the one that took it.
    if (error instanceof DomainError && error.code === 'name-taken') return undefined
    throw error
  }
}

/** Whether there is nothing but what a first start makes before the credentials. */
async function isFirst(database: Database): Promise<boolean> {
  const [sites, services] = await Promise.all([findSites(database), findServices(database)])
  if ([...sites, ...services].some(({ name }) => name !== NAME)) return false
  const users = await Promise.all(sites.map(({ id }) => findApiUsers(database, id)))
  return users.flat().length === 0
}

/** The API user comes last, and only ever anew: nobody else's key is replaced, and of several processes one has it. */
async function makeCredentials(parts: ProvisionParts): Promise<FirstCredentials> {
  const { sites } = await provision(parts, { sites: [{ name: NAME, services: [{ name: NAME }] }] })
  const [site] = sites
  const service = site?.services[0]
  if (!site || !service) throw new Error('the first service was not made')
  const key = newApiKey()
  const { database, apiUserIds, keyring, clock, record } = parts
  const grants = { role: ROLE, permissions: [], services: [] }
  const user = { siteId: site.id, name: API_USER, ...grants }
  await createApiUser(database, apiUserIds, keyring, { ...user, key, now: clock() })
  await record({ action: 'api-user.create', siteId: site.id, subject: API_USER, detail: grants })
  return { site: NAME, service: { id: service.id, name: service.name }, apiUser: { name: API_USER, key } }
}
