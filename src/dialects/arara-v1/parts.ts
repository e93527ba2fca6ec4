import type { IncomingMessage } from 'node:http'
import type { Caller } from '../../access/authorise.ts'
import type { DeliveryRequest } from '../../delivery/accept/delivery-request.ts'
import type { DeliveryView } from '../../messages/delivery-store.ts'
import type { MessageView } from '../../messages/reading/message-view.ts'
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

/** A delivery as its client asks for it. Without `from` it is the service's only sender's. */
export interface Reservation
  extends Omit<
    DeliveryRequest,
    'service' | 'createdBy' | 'from' | 'raw' | 'headers' | 'reference' | 'transactional'
  > {
  from: string | undefined
  fromName: string | undefined
}

export interface Reserved {
  id: number
  /** How many recipients are mailed; excluded ones and invalid addresses do not count. */
  accepted: number
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
  /** Makes addresses deliverable again; those that are not on the list are ignored. */
  resume(signedIn: SignedIn, request: { from: string; addresses: readonly string[] }): Promise<void>
  /**
   * Takes a delivery in. `isRepeat` when its request id was used before: then the answer is about what was taken in
   * under it, and nothing new was.
   */
  reserve(signedIn: SignedIn, reservation: Reservation): Promise<Reserved & { isRepeat: boolean }>
  /** Throws DomainError `unknown-delivery`, or `wrong-state` once sending has begun. */
  cancel(signedIn: SignedIn, id: number): Promise<void>
  /** Throw DomainError `unknown-delivery`. */
  findDelivery(service: Service, id: number): Promise<DeliveryView>
  findByRequest(service: Service, requestId: string): Promise<DeliveryView>
  /** Newest first. */
  findAccepted(service: Service, period: { from: number; to: number }, most: number): Promise<DeliveryView[]>
  /** What became of those whom the relay was asked about, in the order of their ids; `next` is where to go on. */
  results(
    service: Service,
    id: number,
    page: { failedOnly: boolean; after: number | undefined; most: number },
  ): Promise<{ messages: MessageView[]; next: number | undefined }>
}
