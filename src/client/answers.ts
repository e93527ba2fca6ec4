import type { Exclusion } from './failure.ts'

/*
 * What the native API answers, as far as the client reads or passes it on. Times are UTC, ISO 8601; lists are
 * `sender:ADDRESS`, `filter:NAME`, `hard-bounces`, `complaints` or `blocklist`.
 */

export interface Checked {
  deliverable: string[]
  excluded: Exclusion[]
  /** What is no mail address. */
  malformed: string[]
}

export interface HeaderPair {
  listUnsubscribe: string
  listUnsubscribePost: string
  url: string
  mailto?: string
}

export interface Accepted {
  id: number
  accepted: number
  copies: number
  /** How many each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
  duplicates: number
}

export interface DeliveryView {
  id: number
  requestId: string | null
  from: string
  subject: string
  state: 'active' | 'paused' | 'cancelled'
  sendAt: string
  createdAt: string
  /** How many messages are in each state. */
  messages: Record<string, number>
}

export interface MessageView {
  id: number
  to: string
  state: 'queued' | 'sending' | 'sent' | 'kept' | 'failed' | 'excluded' | 'cancelled'
  list: string | null
  reason: string | null
  since: string | null
  reply: string | null
  messageId: string
  updatedAt: string
}

export interface Changed {
  changed: number
  unchanged: number
  malformed: string[]
}

export interface Suppression {
  address: string
  list: string
  reason: string
  /** Excludes now. */
  active: boolean
  since: string
  requestedAt: string
  /** When it stops excluding by itself; null is never. */
  expiresAt: string | null
  messageId: string | null
  source: string
}

export interface Timeline {
  excludedBy: { list: string; reason: string; since: string; expiresAt: string | null }[]
  /** Newest first. */
  events: {
    list: string
    kind: 'stop' | 'resume' | 'remove'
    recordedAt: string
    requestedAt: string
    reason: string
    source: string
    messageId: string | null
    evidence: Record<string, unknown> | null
  }[]
  /** What the address's reader agreed to by registration forms, newest first. */
  agreements: {
    form: { id: string; name: string | null; revision: number }
    language: 'ja' | 'en'
    text: string | null
    textSha256: string | null
    agreedAt: string
    origin: { clientAddress: string; userAgent: string | null } | null
    confirmed: { at: string; origin: { clientAddress: string; userAgent: string | null } | null } | null
  }[]
}

export interface ImportView {
  id: number
  list: string
  action: 'add' | 'remove'
  dryRun: boolean
  state: 'receiving' | 'queued' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone'
  fileName: string | null
  sha256: string
  rows: Record<'read' | 'skipped' | 'repeated' | 'applied' | 'changed' | 'unchanged', number>
  rowsPerSecond: number | null
  secondsLeft: number | null
  undo: { undone: number; left: number | null } | null
  error: string | null
}
