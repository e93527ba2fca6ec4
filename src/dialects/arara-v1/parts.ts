import type { IncomingMessage } from 'node:http'
import type { Caller } from '../../access/authorise.ts'
import type { Sender } from '../../tenants/sender.ts'
import type { Service } from '../../tenants/service.ts'
import type { DayRequest } from '../../unsubscribe/read-day.ts'

/** What an `auth` element says: a user and its password, and the service of a site that the request is about. */
export interface SiteCredentials {
  site: number
  service: number
  name: string
  key: string
  clientAddress: string | undefined
}

export interface SignedIn {
  caller: Caller
  service: Service
}

/** Everything that the XML interface of arara can do, handed in by the composition root. */
export interface AraraV1Parts {
  clientAddress(request: IncomingMessage): string | undefined
  /** Throws DomainError `unauthenticated`, in the same way whatever is wrong: name, key, site or service. */
  signIn(credentials: SiteCredentials): Promise<SignedIn>
  baseUrl(list: { classId: string }): string
  /** Registers a one-click sender whose customers may append text of their own to `base_url`. */
  registerSender(signedIn: SignedIn, address: string): Promise<Sender>
  /** Who asked to stop on a calendar day of the service's zone, in that order. Throws DomainError `unknown-sender`. */
  readDay(
    service: Service,
    request: { from: string; day: string; cursor: string | undefined },
  ): Promise<AsyncIterable<DayRequest>>
  /** Makes addresses deliverable again; a pair that is not on the list is none of anyone's business. */
  resume(signedIn: SignedIn, request: { from: string; addresses: readonly string[] }): Promise<void>
}
