import { DomainError } from '../kernel/domain-error.ts'
import type { Service } from '../tenants/service.ts'
import type { ApiUser, Permission } from './api-user.ts'
import type { PersonSession } from './people/console-auth.ts'
import type { Person } from './people/person.ts'
import { type PersonPermission, permissionsOf } from './people/roles.ts'

/** Who asks: an API user, a person in the console, or the operator of the installation, who holds the control token. */
export type Caller =
  | { kind: 'operator' }
  | { kind: 'api-user'; user: ApiUser }
  | { kind: 'person'; session: PersonSession }

/** What a route needs of its caller in a service; `admin` is the role of a group admin, or of an administrator. */
export type Need = Permission | 'admin'

/**
 * Lets a group admin or administrator do everything in its services, others what their permissions say there, the operator
 * everything everywhere. Throws DomainError `forbidden`, or `unknown-service` for a service of another site, as if it did
 * not exist.
 */
export function authorise(
  caller: Caller,
  service: Pick<Service, 'id' | 'siteId' | 'name'>,
  need: Need,
): void {
  if (caller.kind === 'operator') return
  const { siteId, name, isAdmin, permissions } = grantsOf(caller)
  if (siteId !== null && siteId !== service.siteId) throw hidden(service.id)
  if (!isGranted(caller, service)) {
    throw new DomainError('forbidden', `${name} may not use the service ${service.name}`)
  }
  if (isAdmin) return
  if (need === 'admin') throw new DomainError('forbidden', `${name} is not ${ADMIN[caller.kind]}`)
  if (!permissions.has(need)) throw new DomainError('forbidden', `${name} lacks the permission ${need}`)
}

/** Whether the caller may use the service for anything at all. */
export function isGranted(caller: Caller, service: Pick<Service, 'siteId' | 'name'>): boolean {
  if (caller.kind === 'operator') return true
  const { siteId, services } = grantsOf(caller)
  if (siteId !== null && siteId !== service.siteId) return false
  return services.length === 0 || services.includes(service.name)
}

/**
 * Holds people to a permission that no role brings along: `error-count-reset` opens one-click lists (seed 000).
 * Programs have no such permission and are held to what their route needs. Throws DomainError `forbidden`.
 */
export function requireOfPerson(caller: Caller, permission: PersonPermission): void {
  if (caller.kind !== 'person') return
  const { person } = caller.session
  if (permissionsOf(person).has(permission)) return
  throw new DomainError('forbidden', `${person.email} lacks the permission ${permission}`)
}

/**
 * The site that the caller administers as a whole; undefined for whoever administers all of them. Throws
 * DomainError `forbidden` for everyone else.
 */
export function administeredSite(caller: Caller): number | undefined {
  if (caller.kind === 'operator') return undefined
  const { isAdmin, services, siteId, name } = grantsOf(caller)
  if (isAdmin && services.length === 0) return siteId ?? undefined
  throw new DomainError('forbidden', `${name} does not administer the site`)
}

/**
 * For what belongs to no site: only whoever administers all sites may see it. Throws DomainError `forbidden` for
 * everyone else.
 */
export function requireInstallation(caller: Caller): void {
  if (administeredSite(caller) === undefined) return
  throw new DomainError('forbidden', 'only an administrator of all sites may do this')
}

/** The one site whose services the caller may see; undefined means every site. */
export function visibleSite(caller: Caller): number | undefined {
  return caller.kind === 'operator' ? undefined : (grantsOf(caller).siteId ?? undefined)
}

/** How the record names the caller: no API user and no person can pass for the operator. */
export function actorOf(caller: Caller): string {
  if (caller.kind === 'operator') return 'operator'
  return caller.kind === 'person' ? `person:${caller.session.person.email}` : `api:${caller.user.name}`
}

const ADMIN = { 'api-user': 'a group admin', person: 'an administrator' } as const

interface Grants {
  /** As refusals name the caller. */
  name: string
  siteId: number | null
  /** Names; none means all of them. */
  services: readonly string[]
  isAdmin: boolean
  permissions: ReadonlySet<PersonPermission>
}

function grantsOf(caller: Exclude<Caller, { kind: 'operator' }>): Grants {
  return caller.kind === 'person' ? grantsOfPerson(caller.session.person) : grantsOfUser(caller.user)
}

function grantsOfUser({ name, siteId, services, role, permissions }: ApiUser): Grants {
  return { name, siteId, services, isAdmin: role === 'group-admin', permissions: new Set(permissions) }
}

function grantsOfPerson(person: Person): Grants {
  const { email, siteId, services, role } = person
  const isAdmin = role === 'administrator'
  return { name: email, siteId, services, isAdmin, permissions: permissionsOf(person) }
}

/** Word for word what `findService` says of an id that does not exist. */
function hidden(id: number): DomainError {
  return new DomainError('unknown-service', `there is no service ${id}`, { field: 'service' })
}
