import { DomainError, type DomainErrorCode } from '../../kernel/domain-error.ts'
import { mistakesOf } from '../../kernel/mistakes.ts'
import { DatabaseUnavailable, describeUnavailable } from '../../storage/database-errors.ts'

/** How each refusal is answered over HTTP. */
export const PROBLEMS: Record<DomainErrorCode, { status: number; title: string }> = {
  'invalid-value': { status: 400, title: 'A value is not valid' },
  'unknown-field': { status: 400, title: 'There is no such field' },
  'malformed-body': { status: 400, title: 'The body cannot be read' },
  'too-large': { status: 413, title: 'The body is too large' },
  'too-many-recipients': { status: 413, title: 'Too many recipients in one request' },
  'unreadable-file': { status: 400, title: 'The file cannot be read' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  'confirmation-needed': { status: 403, title: 'Enter your password again' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'unknown-service': { status: 404, title: 'There is no such service' },
  'unknown-sender': { status: 404, title: 'There is no such sender' },
  'unknown-list': { status: 404, title: 'There is no such list' },
  'unknown-filter': { status: 404, title: 'There is no such filter' },
  'unknown-delivery': { status: 404, title: 'There is no such delivery' },
  'unknown-message': { status: 404, title: 'There is no such message' },
  'unknown-import': { status: 404, title: 'There is no such import' },
  'not-listed': { status: 404, title: 'Not on the list' },
  'unknown-subscriber': { status: 404, title: 'There is no such subscriber' },
  'unknown-form': { status: 404, title: 'There is no such form' },
  'from-not-allowed': { status: 422, title: 'From is not allowed' },
  'sender-is-permanent': { status: 409, title: 'A sender is registered for ever' },
  'name-taken': { status: 409, title: 'The name is taken' },
  'request-id-reused': { status: 409, title: 'The request id was used for another request' },
  'same-import': { status: 409, title: 'The same file is being imported' },
  'wrong-state': { status: 409, title: 'Not possible in this state' },
  'changed-meanwhile': { status: 409, title: 'Somebody else changed it meanwhile' },
  unavailable: { status: 503, title: 'Not available at the moment' },
  internal: { status: 500, title: 'Something went wrong on our side' },
}

/** An RFC 9457 problem document, extended by `code`, `field` and, when there is more than one mistake, `errors`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: DomainErrorCode
  field?: string
  errors?: { code: DomainErrorCode; field?: string; detail: string }[]
}

const MOST_ERRORS = 100

const ONCE = 'a delivery under the same requestId is sent once'

const JSON_ALONE = ['application/json']

/** Our own failures never tell their cause: it goes to the log. `takes` are the media types of the call. */
export function toProblem(error: unknown, takes: readonly string[] = JSON_ALONE): Problem {
  const refusal = toDomainError(error, takes)
  const { status, title } = PROBLEMS[refusal.code]
  const mistakes = mistakesOf(refusal).slice(0, MOST_ERRORS)
  return {
    type: `urn:kaijo:problem:${refusal.code}`,
    title,
    status: statusOf(error) ?? status,
    ...describe(refusal),
    ...(mistakes.length > 1 ? { errors: mistakes.map(describe) } : {}),
  }
}

function describe({ code, field, message }: DomainError) {
  return { code, ...(field === undefined ? {} : { field }), detail: message }
}

function toDomainError(error: unknown, takes: readonly string[]): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof DatabaseUnavailable) {
    return new DomainError('unavailable', `${describeUnavailable(error)}: ${ONCE}`, { cause: error })
  }
  return (
    fromFastify(error, takes) ?? new DomainError('internal', 'nothing is known to be wrong with the request')
  )
}

/** What Fastify refuses before a handler sees it: by the error's code, or else as a request that cannot be read. */
function fromFastify(error: unknown, takes: readonly string[]): DomainError | undefined {
  const { code, statusCode = 500 } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new DomainError('too-large', 'send less in one request')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new DomainError(
      'malformed-body',
      `the Content-Type must be one that this call takes: ${takes.join(', ')}`,
    )
  }
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new DomainError('malformed-body', 'the body is empty')
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new DomainError('not-found', 'no call has this path')
  }
  return statusCode < 500 ? new DomainError('malformed-body', 'the body is not valid JSON') : undefined
}

/** The status of a wrong media type, the one refusal whose HTTP status says more than its code. */
function statusOf(error: unknown): number | undefined {
  return (error as { code?: string }).code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? 415 : undefined
}
