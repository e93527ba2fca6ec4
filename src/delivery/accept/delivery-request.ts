import type { Service } from '../../tenants/service.ts'
import type { Mailbox, StoredContent } from '../content/content.ts'
import type { RecipientRequest } from './place.ts'

/**
 * Mails of one delivery, copies included. It stands here so that the command line need not load all that accepts
 * deliveries.
 */
export const MOST_RECIPIENTS = 10_000

/** What a client asks to be sent. */
export interface DeliveryRequest extends Omit<StoredContent, 'headers'> {
  service: Service
  /** Who asked, for the record. */
  createdBy: string
  headers?: Record<string, string> | undefined
  /** A whole message instead of text and HTML; it is sent as it is, with list headers and signature added. */
  raw?: Buffer | undefined
  recipients: readonly RecipientRequest[]
  /** Each gets a copy of every mail and is shown to nobody. */
  bcc?: Mailbox[] | undefined
  /** The same request repeated under the same id gets the first one's answer and sends nothing. */
  requestId?: string | undefined
  /**
   * The client's own name for the delivery, at most 100 characters: mails that come one by one with the same reference,
   * From and kind form one delivery.
   */
  reference?: string | undefined
  /** The envelope sender as the client gave it; '' is the null sender. Undefined means From. */
  returnPath?: string | undefined
  /** The client declared an internationalised message (RFC 6531): without it no relay is asked to take one. */
  smtpUtf8?: boolean | undefined
  sendAt?: number | undefined
  /** Spreads the mails from `sendAt` on, so that no more than these become due in an hour. */
  mailsPerHour?: number | undefined
  transactional: boolean
}

export interface DeliveryAnswer {
  id: number
  accepted: number
  /** How many further mails go to Cc and Bcc. */
  copies: number
  /** How many recipients each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
  /** How many were repeats: an address is mailed once, by its first entry. */
  duplicates: number
}
