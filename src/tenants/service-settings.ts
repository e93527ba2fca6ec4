import type { CancelMode } from './cancel-mode.ts'

/** How long a request excludes, per kind of list, in days; null is for ever. */
export interface LifetimeDays {
  sender: number | null
  filter: number | null
  hardBounces: number | null
  complaints: number | null
  blocklist: number | null
}

/** arara's 90 days; KARTE and Customers Mail Cloud exclude until resumed. */
export const DEFAULT_LIFETIME_DAYS: LifetimeDays = {
  sender: 90,
  filter: null,
  hardBounces: null,
  complaints: null,
  blocklist: null,
}

export interface ServiceSettings {
  /** Shows the service's other lists on the unsubscribe page; a forwarded mail would show them to others. */
  otherListsOnPage: boolean
  /** How long events are kept, in days; null is for ever. */
  evidenceDays: number | null
  /** Refuses a mail by SMTP all of whose recipients are excluded, instead of taking and recording it. */
  refuseWhenAllExcluded: boolean
  /** Off when the customer applies the one-click lists themselves: then senders' lists hold no mail back. */
  automaticExclusion: boolean
  /** How the XML interface of arara writes when a request came: `2021/05/01 16:34`, or as an RFC says. */
  araraV1Times: 'minutes' | 'rfc3339' | 'rfc2822'
  /**
   * How much is handed to the relay at most; null means as much as it takes. Days are those of the service's time zone.
   */
  mailsPerSecond: number | null
  mailsPerDay: number | null
  /** How many connections at once to the service's own relay. */
  connections: number
  /** Mails per second by domain of the recipient, as A-labels; `*` is every other domain. */
  domainRates: Record<string, number>
  /** How long contents and kept mail stay after they came and everything in them is done. */
  mailDays: number
  /** How long messages stay; null is for ever. */
  messageDays: number | null
  /** This many bounces for passing reasons put an address on `hard-bounces`. */
  softBounceThreshold: number
  /** Days without a further bounce after which the count starts again. */
  softBounceDays: number
  /** When a cancellation that came by the interface of Customers Mail Cloud takes effect. */
  cancelMode: CancelMode
  /** How ZIP files are encrypted when the service has a password for them and nothing else is asked for. */
  exportEncryption: 'zipcrypto' | 'aes-256'
  /** Days for which mail that came in stays, with what was concluded from it. */
  inboundDays: number
  /** Days for which opaque parts stay; null is for ever. */
  opaqueDays: number | null
  /**
   * Who joins by a mail to the service's address (空メール): those whose mail proves where it is from, or who else confirm
   * by a link; everyone; only those who confirm; or nobody.
   */
  blankMail: 'verified' | 'always' | 'confirm' | 'off'
  /**
   * Whom mails that ask to confirm a joining are from: one of the service's addresses, its first sender unless given; and
   * by what name.
   */
  confirmationFrom: string | null
  confirmationName: string | null
  /**
   * At most this many of them are sent, since anybody can have them sent to anybody; null means any number. A day is
   * the last 24 hours.
   */
  confirmationsPerHour: number | null
  confirmationsPerDay: number | null
  /** The SenderId of the Feedback-ID that mail without one gets; null: it gets none. */
  feedbackId: string | null
}

export const DEFAULT_SETTINGS: ServiceSettings = {
  otherListsOnPage: false,
  evidenceDays: null,
  refuseWhenAllExcluded: false,
  automaticExclusion: true,
  araraV1Times: 'minutes',
  mailsPerSecond: null,
  mailsPerDay: null,
  connections: 20,
  domainRates: {},
  mailDays: 14,
  messageDays: 90,
  softBounceThreshold: 5,
  softBounceDays: 30,
  cancelMode: 'immediate',
  exportEncryption: 'zipcrypto',
  inboundDays: 30,
  opaqueDays: 1_095,
  blankMail: 'verified',
  confirmationFrom: null,
  confirmationName: null,
  confirmationsPerHour: 100,
  confirmationsPerDay: 1_000,
  feedbackId: 'kaijo',
}
