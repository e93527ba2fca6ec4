import { DomainError, type DomainErrorCode } from '../../kernel/domain-error.ts'
import { DatabaseUnavailable, DiskFull } from '../../storage/database-errors.ts'

/** How each refusal is answered over SMTP: RFC 5321 §4.2 and the enhanced status codes of RFC 3463. */
const REPLIES: Record<DomainErrorCode, { code: number; enhanced: string }> = {
  'invalid-value': { code: 550, enhanced: '5.6.0' },
  'unknown-field': { code: 550, enhanced: '5.6.0' },
  'malformed-body': { code: 550, enhanced: '5.6.0' },
  'too-large': { code: 552, enhanced: '5.3.4' },
  'too-many-recipients': { code: 452, enhanced: '4.5.3' },
  'unreadable-file': { code: 550, enhanced: '5.6.0' },
  unauthenticated: { code: 535, enhanced: '5.7.8' },
  forbidden: { code: 550, enhanced: '5.7.1' },
  'confirmation-needed': { code: 550, enhanced: '5.7.1' },
  'not-found': { code: 550, enhanced: '5.7.1' },
  'unknown-service': { code: 550, enhanced: '5.7.1' },
  'unknown-sender': { code: 550, enhanced: '5.7.1' },
  'unknown-list': { code: 550, enhanced: '5.7.1' },
  'unknown-filter': { code: 550, enhanced: '5.7.1' },
  'unknown-delivery': { code: 550, enhanced: '5.7.1' },
  'unknown-message': { code: 550, enhanced: '5.7.1' },
  'unknown-import': { code: 550, enhanced: '5.7.1' },
  'not-listed': { code: 550, enhanced: '5.7.1' },
  'unknown-subscriber': { code: 550, enhanced: '5.7.1' },
  'unknown-form': { code: 550, enhanced: '5.7.1' },
  'from-not-allowed': { code: 550, enhanced: '5.7.1' },
  'sender-is-permanent': { code: 550, enhanced: '5.7.1' },
  'name-taken': { code: 550, enhanced: '5.7.1' },
  'request-id-reused': { code: 550, enhanced: '5.7.1' },
  'same-import': { code: 550, enhanced: '5.7.1' },
  'wrong-state': { code: 550, enhanced: '5.7.1' },
  'changed-meanwhile': { code: 550, enhanced: '5.7.1' },
  unavailable: { code: 451, enhanced: '4.3.0' },
  internal: { code: 451, enhanced: '4.3.0' },
}

/** A refusal as smtp-server answers it: the message is the text of the reply, the enhanced status code first. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly responseCode: number

  constructor(code: number, enhanced: string, text: string, cause?: unknown) {
    super(`${enhanced} ${text}`, cause === undefined ? undefined : { cause })
    this.responseCode = code
  }
}

/** An error that is neither the client's mistake nor an outage defers the mail, and keeps its cause for the log. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  // RFC 3463 §3.4, X.3.1: mail system full.
  if (error instanceof DiskFull) return new Refusal(452, '4.3.1', 'the disk is full; try again later')
  if (error instanceof DatabaseUnavailable) {
    return new Refusal(451, '4.3.0', 'the database is away; try again later')
  }
  if (error instanceof DomainError) {
    const { code, enhanced } = REPLIES[error.code]
    return new Refusal(code, enhanced, textOf(error))
  }
  return new Refusal(451, '4.3.0', 'something went wrong on our side; try again later', error)
}

/** The same for AUTH (RFC 4954 §6): whoever has the wrong rights is not signed in. */
export function toSignInRefusal(error: unknown): Refusal {
  if (error instanceof DomainError) return new Refusal(535, '5.7.8', error.message)
  const { cause } = toRefusal(error)
  return new Refusal(454, '4.7.0', 'signing in is not possible at the moment; try again later', cause)
}

/** The text of a refusal. What is wrong with a value is told with its field; `raw` is the message itself. */
function textOf({ code, field, message }: DomainError): string {
  if (code !== 'invalid-value' || field === undefined) return message
  return field === 'raw' ? `the message ${message}` : `${field} ${message}`
}
