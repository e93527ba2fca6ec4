import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type DomainErrorCode } from '../../kernel/domain-error.ts'
import { mistakesOf } from '../../kernel/mistakes.ts'
import { DatabaseUnavailable, describeUnavailable } from '../../storage/database-errors.ts'

/** The HTTP status of each refusal; the body is `{"message": …}` whatever it is. */
const STATUSES: Record<DomainErrorCode, number> = {
  'invalid-value': 400,
  'unknown-field': 400,
  'malformed-body': 400,
  'too-large': 413,
  'too-many-recipients': 413,
  'unreadable-file': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'unknown-service': 400,
  'unknown-sender': 400,
  'unknown-list': 400,
  'unknown-filter': 400,
  'unknown-delivery': 404,
  'unknown-message': 404,
  'unknown-import': 404,
  'from-not-allowed': 400,
  'sender-is-permanent': 400,
  'unknown-subscriber': 404,
  'unknown-form': 404,
  'name-taken': 400,
  'not-listed': 400,
  'confirmation-needed': 403,
  'request-id-reused': 400,
  'same-import': 400,
  'wrong-state': 409,
  'changed-meanwhile': 409,
  unavailable: 503,
  internal: 500,
}

const MOST_MISTAKES = 20
const RETRY_AFTER_SECONDS = 5

/** Answers in the vendor's form. What is our own failure is logged, and never tells its cause. */
export function answerAraraV2Error(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = toRefusal(error)
  const status = STATUSES[refusal.code]
  if (status >= 500) request.log.error({ err: error }, 'a request failed')
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ message: describe(refusal) })
}

/** Every mistake, each behind the field that has it. */
export function describe(refusal: DomainError): string {
  return mistakesOf(refusal)
    .slice(0, MOST_MISTAKES)
    .map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`))
    .join('; ')
}

/** What may be told of an error: of our own failures never their cause. */
export function toRefusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof DatabaseUnavailable) {
    return new DomainError('unavailable', describeUnavailable(error), { cause: error })
  }
  const { code, statusCode = 500 } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new DomainError('too-large', 'the body is too large')
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') return noSuchCall()
  return statusCode < 500
    ? new DomainError('malformed-body', 'the body is not valid JSON')
    : new DomainError('internal', 'Internal Server Error', { cause: error })
}

export function noSuchCall(): DomainError {
  return new DomainError('not-found', 'no call has this method and path')
}
