import type { IncomingHttpHeaders } from 'node:http'
import { isGranted, visibleSite } from '../../../access/authorise.ts'
import type { ConsoleAuth } from '../../../access/people/console-auth.ts'
import {
  createPerson,
  findPeople,
  findPersonById,
  noPerson,
  type Person,
  unlockPerson,
  updatePerson,
} from '../../../access/people/person.ts'
import { endSession, findSessions, removeSecondFactor } from '../../../access/people/sessions.ts'
import type { AuditAction } from '../../../audit/actions.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { PeopleParts } from '../../../dialects/native/parts/people-parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { findServices } from '../../../tenants/service.ts'
import { findSites } from '../../../tenants/site.ts'

export interface PeopleCapabilities {
  database: Database
  clock: Clock
  ids: Record<'audit', IdSource>
  consoleAuth: ConsoleAuth
  /** Without a slash at its end. */
  consoleUrl: string
}

/** What the native interface does with people. */
export function createPeopleParts(capabilities: PeopleCapabilities): PeopleParts {
  const { database, clock, ids, consoleAuth, consoleUrl } = capabilities
  const record = (actor: string, action: AuditAction, { email, siteId }: Person, detail: object = {}) =>
    recordAudit(database, ids.audit, {
      at: clock(),
      actor,
      action,
      siteId,
      subject: email,
      detail: { ...detail },
    })
  const administered = async (site: number | undefined, id: string): Promise<Person> => {
    const person = await findPersonById(database, id)
    if (!person || (site !== undefined && person.siteId !== site)) throw noPerson()
    return person
  }
  const invited = async (person: Person) => {
    const token = await consoleAuth.makeSetPasswordToken(person.id)
    // After a #, so that no proxy logs it.
    return { person, setPasswordUrl: `${consoleUrl}/console/set-password#${token}` }
  }
  return {
    findSession: (headers) => consoleAuth.sessionOf(toHeaders(headers)),
    find: (site) => findPeople(database, site),
    create: async (site, request, actor) => {
      const person = await createPerson(database, withinSite(site, request), clock())
      const { role, permissions, services } = person
      await record(actor, 'person.create', person, { role, permissions, services })
      return invited(person)
    },
    update: async (site, id, { revision: seen, ...change }, actor) => {
      await administered(site, id)
      const person = await updatePerson(database, id, withinSite(site, change), { now: clock(), seen })
      await record(actor, 'person.update', person, change)
      return person
    },
    unlock: async (site, id, actor) => {
      const person = await administered(site, id)
      await unlockPerson(database, id)
      await record(actor, 'person.unlock', person)
    },
    reset: async (site, id, actor) => {
      const person = await administered(site, id)
      await removeSecondFactor(database, id)
      await record(actor, 'person.reset', person)
      return invited({ ...person, hasSecondFactor: false })
    },
    surroundings: async (session) => {
      const caller = { kind: 'person', session } as const
      const [sites, services] = [await findSites(database), await findServices(database, visibleSite(caller))]
      const granted = services.filter((service) => isGranted(caller, service))
      const { siteId } = session.person
      return { sites: sites.filter(({ id }) => siteId === null || id === siteId), services: granted }
    },
    confirm: (session, headers, password) => consoleAuth.confirm(session, toHeaders(headers), password),
    sessions: ({ person }) => findSessions(database, person.id, clock()),
    endSession: ({ person }, id) => endSession(database, person.id, id),
  }
}

/** Whoever administers one site can only enter people there, and move none elsewhere. */
function withinSite<T extends { siteId?: number | null | undefined }>(site: number | undefined, given: T): T {
  if (site === undefined || given.siteId === undefined || given.siteId === site) return given
  throw new DomainError('forbidden', 'you may not add people of another site, or of all sites', {
    field: 'siteId',
  })
}

/** Node's headers as the sign-in library reads them. */
function toHeaders(headers: IncomingHttpHeaders): Headers {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
  )
  return new Headers(entries)
}
