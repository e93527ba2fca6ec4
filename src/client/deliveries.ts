import { randomUUID } from 'node:crypto'
import type { Client } from './connection.ts'
import { type Page, pages } from './pages.ts'

/** In addition to these, anything else that `POST …/deliveries` takes. */
interface DeliveryRequest {
  from: string
  /** Not with `raw`. */
  subject?: string
  text?: string
  html?: string
  /** A whole message, as text or in base64. */
  raw?: string
  recipients: { to: string; substitutions?: Record<string, string>; unsubscribeUrl?: string }[]
  /** A repeat under the same id is answered like the first. Made up unless given. */
  requestId?: string
  sendAt?: string
  transactional?: boolean
  [other: string]: unknown
}

export interface Accepted {
  id: number
  accepted: number
  copies: number
  /** How many recipients each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
  duplicates: number
}

type DeliveryState = 'active' | 'paused' | 'cancelled'

export interface DeliveryView {
  id: number
  requestId: string | null
  /** The client's own name for it, where its mails came one by one. */
  reference: string | null
  from: string
  subject: string
  transactional: boolean
  state: DeliveryState
  sendAt: string
  createdAt: string
  createdBy: string
  /** How many messages are in each state. */
  messages: Record<string, number>
}

type MessageState = 'queued' | 'sending' | 'sent' | 'kept' | 'failed' | 'excluded' | 'cancelled'

export interface MessageView {
  id: number
  to: string
  /** A copy of another recipient's mail. */
  copyAs: 'cc' | 'bcc' | null
  state: MessageState
  list: string | null
  reason: string | null
  since: string | null
  attempts: number
  dueAt: string | null
  reply: string | null
  messageId: string
  updatedAt: string
}

/** Days are those of the service's zone. */
interface Period {
  from?: string
  to?: string
}

export interface DeliverySearch extends Period {
  state?: DeliveryState
  sender?: string
  reference?: string
}

interface MessageSearch extends Period {
  state?: MessageState
  sender?: string
  recipient?: string
  /** The number of a delivery. */
  delivery?: number
  list?: string
}

export interface Resent {
  queued: number
  /** How many recipients each list excludes now. */
  excluded: Record<string, number>
  /** How many cannot be sent because their content is no longer kept. */
  expired: number
  /** Recipients who were not excluded from the delivery. */
  unknown: string[]
}

/** Sends a mail to at most 10,000 recipients. */
export function send(client: Client, delivery: DeliveryRequest): Promise<Accepted> {
  return client.post('/deliveries', { requestId: randomUUID(), ...delivery })
}

export function deliveriesOf(client: Client) {
  return {
    get: (id: number) => client.get<DeliveryView>(`/deliveries/${id}`),
    /** Newest first. */
    search: (search: DeliverySearch = {}) =>
      pages((page) => client.post<Page<DeliveryView>>(`/deliveries/search${page}`, search)),
    /** What became of each recipient. */
    messages: (id: number, { state }: { state?: MessageState } = {}) =>
      pages((page) => client.get<Page<MessageView>>(`/deliveries/${id}/messages${page}`), { state }),
    /** A mail that was kept for lack of a relay, as it would have gone out. */
    raw: async (id: number, message: number): Promise<Uint8Array> =>
      (await client.transfer(`/deliveries/${id}/messages/${message}/raw`, {})).bytes(),
    pause: (id: number) => client.post<DeliveryView>(`/deliveries/${id}/pause`, {}),
    resume: (id: number) => client.post<DeliveryView>(`/deliveries/${id}/resume`, {}),
    cancel: (id: number) => client.post<DeliveryView>(`/deliveries/${id}/cancel`, {}),
    /**
     * Mails recipients who were excluded and may be mailed now: all of them, those named, or those whom a list
     * excluded.
     */
    resend: (id: number, whom: { recipients?: readonly string[]; list?: string } = {}) =>
      client.once<Resent>('POST', `/deliveries/${id}/resend`, whom),
  }
}

/** What became of mails across deliveries, newest first. */
export function searchMessages(client: Client, search: MessageSearch = {}) {
  type Found = MessageView & { deliveryId: number; from: string; acceptedAt: string }
  return pages((page) => client.post<Page<Found>>(`/messages/search${page}`, search))
}
