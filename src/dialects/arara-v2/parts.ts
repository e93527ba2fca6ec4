import type { IncomingMessage } from 'node:http'
import type { ApiUser } from '../../access/api-user.ts'
import type { Authenticate } from '../../access/authenticate.ts'
import type { BearerTokens } from '../../access/bearer-tokens.ts'
import type { ErrorCount } from '../../bounces/acting/error-count.ts'
import type { DeliveryAnswer, DeliveryRequest } from '../../delivery/accept/delivery-request.ts'
import type { Address } from '../../kernel/address.ts'
import type { DeliveryView } from '../../messages/delivery-store.ts'
import type { MessageView } from '../../messages/reading/message-view.ts'
import type { StopRequest } from '../../suppression/reading/requests.ts'
import type { Service } from '../../tenants/service.ts'
import type { OpaquePart } from '../../unsubscribe/read-opaque.ts'

/** One calendar day of a zone, IANA or an offset such as `+09:00`. */
export interface Day {
  date: string
  timeZone: string
}

/** What a send call asks for, before it is known whose it is. */
export type SendRequest = Omit<DeliveryRequest, 'service' | 'createdBy'>

/**
 * Everything that API v2 can do, handed in by the composition root. Functions throw DomainErrors that name fields as the rest
 * of the house does; `actor` is who the record names.
 */
export interface AraraV2Parts {
  authenticate: Authenticate
  tokens: BearerTokens
  clientAddress(request: IncomingMessage): string | undefined
  findServices(user: ApiUser): Promise<Service[]>
  /** Turns one-click on for ever, for links with text of the customer's own too. Answers the `base_url`. */
  registerSender(service: Service, headerFrom: string, actor: string): Promise<string>
  /** Takes recipients off the sender's list, of whom they are on it. */
  resume(service: Service, headerFrom: string, addresses: readonly string[], actor: string): Promise<void>
  stopRequests(service: Service, headerFrom: string, day: Day): Promise<AsyncIterable<StopRequest[]>>
  opaqueParts(service: Service, headerFrom: string, day: Day): Promise<AsyncIterable<OpaquePart[]>>
  /** A request id that was used, even for the same delivery, is an error. */
  send(service: Service, request: SendRequest, actor: string): Promise<DeliveryAnswer>
  findDelivery(service: Service, id: number): Promise<DeliveryView>
  findByRequest(service: Service, requestId: string): Promise<DeliveryView[]>
  /** Those accepted in the period, the newest first. */
  findAccepted(service: Service, period: { from: number; to: number }, most: number): Promise<DeliveryView[]>
  /** Throws DomainError `wrong-state` once it is being sent. */
  cancel(service: Service, id: number, actor: string): Promise<DeliveryView>
  results(service: Service, id: number): Promise<{ from: string; pages: AsyncIterable<MessageView[]> }>
  findErrorCounts(service: Service, addresses: readonly string[]): Promise<ErrorCount[]>
  setErrorCounts(
    service: Service,
    counts: readonly { recipient: Pick<Address, 'address' | 'key'>; count: number }[],
    actor: string,
  ): Promise<void>
}
