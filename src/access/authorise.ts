import { DomainError } from '../kernel/domain-error.ts'
import type { Service } from '../tenants/service.ts'
import type { ApiUser, Permission } from './api-user.ts'

/** Who asks: an API user, or the operator of the installation, who holds the control token. */
export type Caller = { kind: 'operator' } | { kind: 'api-user'; user: ApiUser }

/** What a route needs of its caller in a service; `admin` is the role of a group admin. */
export type Need = Permission | 'admin'

/**
 * Lets a group admin do everything in its services, a user what its permissions say there, the operator everything
 * everywhere. Throws DomainError `forbidden`, or `unknown-service` for a service of another site, as if it did not exist.
 */
export function authorise(
  caller: Caller,
  service: Pick<Service, 'id' | 'siteId' | 'name'>,
  need: Need,
): void {
  if (caller.kind === 'operator') return
  const { user } = caller
  if (user.siteId !== service.siteId) throw hidden(service.id)
  if (!isGranted(caller, service)) {
    throw new DomainError('forbidden', `${user.name} may not use the service ${service.name}`)
  }
  if (user.role === 'group-admin') return
  if (need === 'admin') throw new DomainError('forbidden', `${user.name} is no group admin`)
  if (!user.permissions.includes(need)) {
    throw new DomainError('forbidden', `${user.name} lacks the permission ${need}`)
  }
}

/** Whether the caller may use the service at all. */
export function isGranted(caller: Caller, { siteId, name }: Pick<Service, 'siteId' | 'name'>): boolean {
  if (caller.kind === 'operator') return true
  const { user } = caller
  return user.siteId === siteId && (user.services.length === 0 || user.services.includes(name))
}

/**
 * The site that the caller administers as a whole; undefined for the operator, who administers all of them. Throws
 * DomainError `forbidden` for everyone else.
 */
export function administeredSite(caller: Caller): number | undefined {
  if (caller.kind === 'operator') return undefined
  const { role, services, siteId, name } = caller.user
  if (role === 'group-admin' && services.length === 0) return siteId
  throw new DomainError('forbidden', `${name} does not administer the site`)
}

/** Word for word what `findService` says of an id that nobody has. */
function hidden(id: number): DomainError {
  return new DomainError('unknown-service', `there is no service ${id}`, { field: 'service' })
}

/** How the record names the caller: no API user can pass for the operator. */
export function actorOf(caller: Caller): string {
  return caller.kind === 'operator' ? 'operator' : `api:${caller.user.name}`
}
