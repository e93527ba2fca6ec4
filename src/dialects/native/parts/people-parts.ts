import type { IncomingHttpHeaders } from 'node:http'
import type { PersonSession } from '../../../access/people/console-auth.ts'
import type { Person, PersonChange, PersonRequest } from '../../../access/people/person.ts'
import type { SessionView } from '../../../access/people/sessions.ts'
import type { Service } from '../../../tenants/service.ts'
import type { Site } from '../../../tenants/site.ts'

/** A person, and the link with which they set a password: valid for three days and once. */
interface Invited {
  person: Person
  setPasswordUrl: string
}

/** What the native interface does with people; `site` is the one that the caller administers, undefined is every site. */
export interface PeopleParts {
  findSession(headers: IncomingHttpHeaders): Promise<PersonSession | undefined>
  find(site: number | undefined): Promise<Person[]>
  create(site: number | undefined, request: PersonRequest, actor: string): Promise<Invited>
  /** Held to the revision, where it is given. */
  update(
    site: number | undefined,
    id: string,
    change: PersonChange & { revision?: string | undefined },
    actor: string,
  ): Promise<Person>
  unlock(site: number | undefined, id: string, actor: string): Promise<void>
  /** Whoever lost their password or second factor starts again; the second factor is taken away. */
  reset(site: number | undefined, id: string, actor: string): Promise<Invited>
  /** The sites and services that the person sees. */
  surroundings(session: PersonSession): Promise<{ sites: Site[]; services: Service[] }>
  confirm(session: PersonSession, headers: IncomingHttpHeaders, password: string): Promise<void>
  sessions(session: PersonSession): Promise<SessionView[]>
  endSession(session: PersonSession, id: string): Promise<void>
}
