import type { Service } from '../../tenants/service.ts'
import type { Mailbox, StoredContent } from '../content/content.ts'
import type { RecipientRequest } from './place.ts'

/** Mails of one delivery, copies among them. Stands where the command line finds it without all that accepts. */
export const MOST_RECIPIENTS = 10_000

/** What a client asks to be sent. */
export interface DeliveryRequest extends Omit<StoredContent, 'headers'> {
  service: Service
  /** Who asked, for the record. */
  createdBy: string
  headers?: Record<string, string> | undefined
  /** A whole message instead of text and html; it is sent as it is, with list headers and signature added. */
  raw?: Buffer | undefined
  recipients: readonly RecipientRequest[]
  /** Each gets a copy of every mail, and is shown to nobody. */
  bcc?: Mailbox[] | undefined
  /** A repeat of the same request under the same id answers what the first one answered, and sends nothing. */
  requestId?: string | undefined
  /**
   * The client's own name for the delivery, at most 100 characters: mails that come one by one under the same name, From and
   * kind are one delivery.
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
  /** How many mails go to Cc and Bcc besides. */
  copies: number
  /** How many each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
  /** How many came again: an address is mailed once, by its first entry. */
  duplicates: number
}
