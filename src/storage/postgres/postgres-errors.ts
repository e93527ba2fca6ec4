import { DatabaseUnavailable, DiskFull, UniqueViolation } from '../database-errors.ts'

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const UNIQUE_VIOLATION = '23505'
const DISK_FULL = '53100'
const RETRYABLE = new Set(['40001', '40P01'])
/**
 * Connection exceptions, insufficient resources, operator intervention, system errors, read-only transaction, lock
 * timeout.
 */
const REFUSING = /^(08|53|57|58|25006|55P03)/
const CONNECTION_MESSAGES =
  /connect|terminated|timeout exceeded|ECONN|EPIPE|ENOTFOUND|ENOENT|Client has encountered/i

/** Turns what `pg` throws into the storage room's own errors; what is neither stays as it is. */
export function toDatabaseError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof DatabaseUnavailable || error instanceof UniqueViolation) return error
  const code = (error as { code?: string }).code ?? ''
  if (code === UNIQUE_VIOLATION) return new UniqueViolation(error.message, { cause: error })
  if (code === DISK_FULL) return new DiskFull(error.message, { cause: error })
  const isSqlState = /^[0-9A-Z]{5}$/.test(code)
  const refuses = isSqlState ? REFUSING.test(code) : CONNECTION_MESSAGES.test(`${code} ${error.message}`)
  return refuses ? new DatabaseUnavailable(error.message, { cause: error }) : error
}

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has((error as { code?: string }).code ?? '')
}
