import { randomBytes } from 'node:crypto'
import { DomainError } from '../kernel/domain-error.ts'
import { createSite, findSites } from '../tenants/site.ts'
import { type ProvisionParts, provision } from './provision.ts'

/** What the first user needs. The key is stored as a hash alone: it can be shown this once. */
export interface FirstCredentials {
  site: string
  service: { id: number; name: string }
  apiUser: { name: string; key: string }
}

const NAME = 'default'
const API_USER = 'admin@localhost'
/** 32 characters of base64url. */
const KEY_BYTES = 24

/**
 * Gives an installation without any site one of its own, with a service and an API user who may do everything in it.
 * Undefined when there is a site, or when another process that starts at the same moment was first.
 */
export async function firstStart(parts: ProvisionParts): Promise<FirstCredentials | undefined> {
  const { database, clock, record } = parts
  if ((await findSites(database)).length > 0) return undefined
  try {
    const { id } = await createSite(database, { name: NAME, now: clock() })
    await record({ action: 'site.create', siteId: id, subject: NAME, detail: {} })
  } catch (error) {
    if (error instanceof DomainError && error.code === 'name-taken') return undefined
    throw error
  }
  const key = randomBytes(KEY_BYTES).toString('base64url')
  const apiUsers = [{ name: API_USER, key, role: 'group-admin' }]
  const { sites } = await provision(parts, {
    sites: [{ name: NAME, apiUsers, services: [{ name: NAME }] }],
  })
  const service = sites[0]?.services[0]
  if (!service) throw new Error('the first service was not made')
  return { site: NAME, service: { id: service.id, name: service.name }, apiUser: { name: API_USER, key } }
}
