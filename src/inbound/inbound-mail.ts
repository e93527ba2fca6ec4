import type { Compilable } from 'kysely'
import type { Tables } from '../storage/tables.ts'

/** A mail as it came in. */
export interface InboundMail {
  raw: Buffer
  /** MAIL FROM; '' is the null sender, null where the envelope is lost. */
  sender: string | null
  /** The one of RCPT TO whom this is about; null where the envelope is lost. */
  recipient: string | null
  clientAddress: string | null
  /** What the client called itself. */
  helo: string | null
  /** UTC epoch milliseconds. */
  receivedAt: number
  /**
   * Whose word counts for what only a Message-ID proves, which anybody may know or guess: nobody's by SMTP, one service's or
   * that of all by the API.
   */
  vouchedBy: 'nobody' | 'operator' | { serviceId: number }
}

export type InboundKind = Tables['inbound_mail']['kind']
export type InboundOutcome = Tables['inbound_mail']['outcome']

/** What a mail means for one recipient, and the statements that make it so, to be run in the transaction that keeps it. */
export interface Judgement {
  kind: InboundKind
  outcome: InboundOutcome
  serviceId: number | null
  /** Whom it is about. */
  address: string | null
  message: { bucket: number; id: number } | null
  /** What is told once however often it is told: of two mails with the same, the second changes nothing. */
  report: string | null
  /** What an operator will ask for: code, diagnostic, rule. */
  detail: Record<string, unknown>
  statements: readonly Compilable[]
}

/** Nothing can be made of it: kept for an operator. */
export function notUnderstood(
  kind: InboundKind,
  why: string,
  more: Partial<Pick<Judgement, 'serviceId' | 'address' | 'message' | 'detail'>> = {},
): Judgement {
  const { detail, ...known } = more
  return {
    ...{ kind, outcome: 'not-understood', serviceId: null, address: null, message: null, report: null },
    ...known,
    detail: { why, ...detail },
    statements: [],
  }
}
