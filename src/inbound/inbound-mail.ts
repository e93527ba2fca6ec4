import type { Compilable } from 'kysely'
import type { Tables } from '../storage/tables.ts'

/** A mail as it came in. */
export interface InboundMail {
  raw: Buffer
  /** MAIL FROM; '' is the null sender, null where the envelope is lost. */
  sender: string | null
  /** The RCPT TO address that this is about; null where the envelope is lost. */
  recipient: string | null
  clientAddress: string | null
  /** The name by which the client greeted. */
  helo: string | null
  /** UTC epoch milliseconds. */
  receivedAt: number
  /**
   * Who vouches for a report that only a Message-ID ties to a message, which anybody may know or guess: nobody by SMTP;
   * by the API, one service or the operator of all.
   */
  vouchedBy: 'nobody' | 'operator' | { serviceId: number }
}

export type InboundKind = Tables['inbound_mail']['kind']
export type InboundOutcome = Tables['inbound_mail']['outcome']

/**
 * What a mail means for one recipient, with the statements that carry it out, to be run in the transaction that keeps
 * the mail.
 */
export interface Judgement {
  kind: InboundKind
  outcome: InboundOutcome
  serviceId: number | null
  /** Whom it is about. */
  address: string | null
  message: { bucket: number; id: number } | null
  /** Identifies what is reported: of two mails with the same value, the second changes nothing. */
  report: string | null
  /** What an operator will ask for: code, diagnostic, rule. */
  detail: Record<string, unknown>
  statements: readonly Compilable[]
}

/** The judgement on a mail that cannot be understood: it is kept for an operator. */
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
