import type { Flag } from './flag.ts'

/** The tables of mail, out and in: see `tables.ts`. */

/** Mail that came in, and what became of it. */
export interface InboundMailTable {
  id: number
  /** Null while nobody knows whose it is. */
  service_id: number | null
  kind: 'bounce' | 'complaint' | 'unsubscribe' | 'sign-up' | 'other'
  /** `sender`: the failure blames us. `nothing`: there was nothing to do, as for a delay notice. */
  outcome:
    | 'hard'
    | 'soft'
    | 'sender'
    | 'complaint'
    | 'unsubscribed'
    | 'joined'
    | 'asked'
    | 'nothing'
    | 'not-understood'
  /** Identifies what it reports, which counts once. */
  report: string | null
  address: string | null
  bucket: number | null
  message_id: number | null
  detail_json: string
  mail_from: string | null
  rcpt_to: string | null
  client_address: string | null
  received_at: number
  resolved_at: number | null
  resolved_by: string | null
  /** Octets as it came in; `raw` holds no more than can be looked at. */
  size: number
  raw: Uint8Array
}

export interface DeliveryTable {
  id: number
  service_id: number
  request_id: string | null
  /** The client's own name for it: mails that come one by one under the same name, From and kind are one delivery. */
  reference: string | null
  fingerprint: string
  from_address: string
  /** From, as an address key. */
  sender_key: string
  subject: string
  transactional: Flag
  state: 'active' | 'paused' | 'cancelled'
  send_at: number
  answer_json: string
  created_by: string
  created_at: number
}

export interface ContentTable {
  id: number
  service_id: number
  template_json: string
  raw: Uint8Array | null
  /** The envelope sender that the client gave; '' is the null sender, null means From. */
  return_path: string | null
  /** 1 when the client asked for SMTPUTF8: the relay is asked for it then. */
  smtp_utf8: Flag
  /** When it came, or was last needed for a re-send: the days for which it is kept count from here. */
  stored_at: number
}

export type MessageState = 'queued' | 'sending' | 'sent' | 'kept' | 'failed' | 'excluded' | 'cancelled'

export interface MessageTable {
  bucket: number
  id: number
  delivery_id: number
  content_id: number
  service_id: number
  address: string
  address_key: string
  substitutions_json: string | null
  unsubscribe_url: string | null
  /** Set for a copy of another recipient's mail, whom To shows; null for a recipient's own mail. */
  copy_as: 'cc' | 'bcc' | null
  shown_to: string | null
  state: MessageState
  /** The list, reason and beginning of the exclusion; for transactional mail, of the one that was overridden. */
  excluded_list_id: number | null
  excluded_reason: string | null
  excluded_since: number | null
  attempts: number
  /** 0 for transactional mail, 1 for bulk; 10 more while the delivery is paused, out of the claims' way. */
  lane: number
  due_at: number
  /** The lease epoch under which the last attempt was started: a result must match it. */
  epoch: number
  reply: string | null
  message_id: string
  accepted_at: number
  updated_at: number
}

/** What happened to a service's mail on a day of its calendar: a sum of facts, never corrected by later ones. */
export interface DayCountTable {
  service_id: number
  /** YYYY-MM-DD in the service's time zone. */
  day: string
  /** From, as an address key. */
  sender: string
  outcome:
    | 'accepted'
    | 'excluded'
    | 'sent'
    | 'kept'
    | 'failed'
    | 'cancelled'
    // What came back about mail that the relay had taken: for good, for a passing reason, for one that blames the
    // sender, and complaints. `blamed` also counts where the relay itself refused so.
    | 'bounced'
    | 'returned'
    | 'blamed'
    | 'complained'
  /** The list that excluded it; 0 for every other outcome. */
  list_id: number
  count: number
}

export interface DkimKeyTable {
  domain: string
  selector: string
  algorithm: 'rsa-sha256' | 'ed25519-sha256'
  sealed_private_key: string
  public_key: string
  /** Signs for this service alone; null for every service. */
  service_id: number | null
  /**
   * It signs from here until `signs_until`; null means for ever. Its DNS record must outlive that by the days for which
   * mail is under way.
   */
  signs_from: number
  signs_until: number | null
  created_at: number
}
