import type { Address } from '../../kernel/address.ts'

/** Why a recipient is on a list. */
export const REASONS = [
  'unsubscribed',
  'user-unknown',
  'host-unknown',
  'moved',
  'disabled',
  'refused',
  /** Mail to it came back for passing reasons too often, or its count was set that high. */
  'error-count',
  'complaint',
  'blocked',
  'listed',
] as const
export type Reason = (typeof REASONS)[number]

/**
 * The reasons of events: in addition, being made deliverable, joining a service, and being taken off by an undone
 * import.
 */
export const REASONS_OF_EVENTS = [...REASONS, 'resume', 'remove', 'undone'] as const

/** The way by which a change came. */
export type Source =
  | 'one-click'
  | 'page'
  | 'api'
  | 'cli'
  | 'console'
  | 'form'
  | 'blank-mail'
  | 'import'
  | 'smtp-reply'
  | 'inbound'

/** What a lawyer will ask about a request: how it came, from where, and by which key it was verified. */
export interface RequestEvidence {
  method: string
  clientAddress: string
  userAgent: string | null
  keyId: string | null
  contentType?: string | undefined
  /** The first bytes of the body, as text. */
  body?: string | undefined
  /** For a bounce: status or reply code, what the other side said, and the rule that judged it. */
  code?: string | undefined
  diagnostic?: string | undefined
  rule?: string | undefined
}

/** And of a change by a person or a program: who it was, as the audit names them. */
export interface CallerEvidence {
  actor: string
}

export type Evidence = RequestEvidence | CallerEvidence

interface Change {
  listId: number
  recipient: Pick<Address, 'address' | 'key'>
  /** When the recipient or operator asked. */
  requestedAt: number
  source: Source
  evidence: Evidence | null
}

/** Puts a recipient on a list, or renews it there. */
export interface Stop extends Change {
  kind: 'stop'
  reason: Reason
  /** The Message-ID, without brackets, of the mail whose link was used or that bounced. */
  messageId: string | null
  /** When that mail was made: a link older than the last resume is honoured, and its event marked. */
  mailedAt: number | null
}

/** Makes a recipient deliverable again: `resume` keeps the row, `remove` also takes it out of the one-click export. */
export interface Resume extends Change {
  kind: 'resume' | 'remove'
  /** Leaves whoever asked to stop later than this: it was asked for before, and is carried out only now. */
  upTo?: number | undefined
}

export type SuppressionChange = Stop | Resume

/** `changed` is false when the recipient already was where the change would put them. */
export interface ChangeResult {
  changed: boolean
}
