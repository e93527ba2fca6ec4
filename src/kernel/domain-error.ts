/**
 * Every mistake that a caller can make, as a closed list. Each dialect answers it in its own form (a total
 * `Record<DomainErrorCode, …>`), so a new code does not compile until every dialect has an answer.
 */
export const DOMAIN_ERROR_CODES = [
  'invalid-value',
  'unknown-field',
  'malformed-body',
  'too-large',
  'too-many-recipients',
  'unreadable-file',
  'unauthenticated',
  'forbidden',
  'confirmation-needed',
  'not-found',
  'unknown-service',
  'unknown-sender',
  'unknown-list',
  'unknown-filter',
  'unknown-delivery',
  'unknown-message',
  'unknown-import',
  'not-listed',
  'unknown-subscriber',
  'unknown-form',
  'from-not-allowed',
  'sender-is-permanent',
  'name-taken',
  'request-id-reused',
  'same-import',
  'wrong-state',
  'changed-meanwhile',
  'unavailable',
  'internal',
] as const

export type DomainErrorCode = (typeof DOMAIN_ERROR_CODES)[number]

/** A mistake that the caller can be told about. `message` is public; `cause` is for the log alone. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: DomainErrorCode
  /** The field at fault as the caller wrote it, e.g. `recipients[3].to`. */
  readonly field: string | undefined

  constructor(code: DomainErrorCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.field = options.field
  }
}

/** The error that refuses a value, naming its field. */
export function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid-value', message, { field })
}
