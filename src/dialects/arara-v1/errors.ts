import { DomainError, type DomainErrorCode } from '../../kernel/domain-error.ts'
import { Mistakes, mistakesOf } from '../../kernel/mistakes.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'

interface Answer {
  /** The status of the HTTP answer when the whole request is refused. */
  status: 400 | 401 | 404 | 405 | 413 | 500
  kind: 'auth' | 'xml' | 'parameter' | 'limit' | 'duplicate' | 'state' | 'request' | 'system'
  code: string
  text: string
}

function answer(status: Answer['status'], kind: Answer['kind'], code: string, text: string): Answer {
  return { status, kind, code, text }
}

// The same answer whatever is wrong: nobody learns which names, sites and services exist.
const NOT_SIGNED_IN = answer(401, 'auth', '0101', '認証に失敗しました。')
const WRONG_VALUE = answer(400, 'parameter', '0301', '値が正しくありません。')
const NOT_THERE = answer(400, 'parameter', '0311', '対象が存在しません。')
const TAKEN = answer(400, 'duplicate', '0502', '既に使用されています。')
const WRONG_STATE = answer(400, 'state', '0601', '現在の状態では実行できません。')

/** How each refusal is answered. The README lists them. */
export const ANSWERS: Record<DomainErrorCode, Answer> = {
  unauthenticated: NOT_SIGNED_IN,
  'unknown-service': NOT_SIGNED_IN,
  forbidden: answer(401, 'auth', '0102', '権限がありません。'),
  'confirmation-needed': answer(401, 'auth', '0102', '権限がありません。'),
  'not-found': answer(404, 'request', '0103', 'APIが存在しません。'),
  'malformed-body': answer(400, 'xml', '0201', 'XMLを読み取れません。'),
  'invalid-value': WRONG_VALUE,
  'unreadable-file': WRONG_VALUE,
  'unknown-field': answer(400, 'parameter', '0302', '不明な要素があります。'),
  'unknown-list': NOT_THERE,
  'unknown-filter': NOT_THERE,
  'unknown-message': NOT_THERE,
  'unknown-import': NOT_THERE,
  'unknown-subscriber': NOT_THERE,
  'unknown-form': NOT_THERE,
  'not-listed': NOT_THERE,
  'unknown-sender': answer(400, 'parameter', '0312', 'Header Fromアドレスが登録されていません。'),
  'unknown-delivery': answer(400, 'parameter', '0313', '配信が存在しません。'),
  'from-not-allowed': answer(400, 'parameter', '0321', 'このHeader Fromアドレスは利用できません。'),
  'too-large': answer(413, 'limit', '0401', 'リクエストが大きすぎます。'),
  'too-many-recipients': answer(413, 'limit', '0402', '宛先が多すぎます。'),
  'request-id-reused': answer(400, 'duplicate', '0501', 'リクエストIDは既に使用されています。'),
  'name-taken': TAKEN,
  'same-import': TAKEN,
  'sender-is-permanent': WRONG_STATE,
  'wrong-state': WRONG_STATE,
  'changed-meanwhile': WRONG_STATE,
  unavailable: answer(500, 'system', '0901', 'しばらく経ってから再度実行してください。'),
  internal: answer(500, 'system', '0999', 'システムエラーが発生しました。'),
}

export interface Refusal {
  status: number
  errors: { kind: string; code: string; message: string }[]
}

const MOST_ERRORS = 100

/** What is answered for an error. Our own failures never tell their cause: it goes to the log. */
export function toRefusal(error: unknown): Refusal {
  const refusal = toDomainError(error)
  const { status } = ANSWERS[refusal.code]
  return { status, errors: mistakesOf(refusal).slice(0, MOST_ERRORS).map(describe) }
}

/** The answer to any method but POST. */
export const WRONG_METHOD: Refusal = {
  status: 405,
  errors: [{ kind: 'request', code: '0104', message: 'POSTで送信してください。 (send POST)' }],
}

/** What fields of a delivery are called in its XML. */
const WIRE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^replyTo$/, 'setting/reply_to'],
  [/^from$/, 'setting/from'],
  [/^returnPath$/, 'setting/envelope_from'],
  [/^sendAt$/, 'setting/send_date'],
  [/^mailsPerHour$/, 'setting/throttle'],
  [/^subject$/, 'contents/subject'],
  [/^(?:text|html)$/, 'contents/body'],
  [/^(cc|bcc)\b.*$/, 'contents/$1'],
  [/^attachments\[(\d+)\]\.filename$/, 'contents/attachments-list[$1]/filename'],
  [/^attachments\[(\d+)\]\.contentType$/, 'contents/attachments-list[$1]/mimetype'],
  [/^attachments\[(\d+)\]\.content$/, 'contents/attachments-list[$1]/data'],
  [/^recipients\[(\d+)\]\.unsubscribeUrl$/, 'send_list/data[$1]/unsubscribe_url'],
  [/^recipients$/, 'send_list'],
  [/^id$/, 'deliver_id'],
]

/** The error with the fields of its mistakes named as the client wrote them. */
export function named(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  const [first, ...others] = mistakesOf(error).map(({ code, field, message, cause }) => {
    const [pattern, name] = WIRE_NAMES.find(([candidate]) => candidate.test(field ?? '')) ?? []
    const wire = pattern && name !== undefined ? field?.replace(pattern, name) : field
    return new DomainError(code, message, { ...(wire === undefined ? {} : { field: wire }), cause })
  })
  return first ? new Mistakes(first, others) : error
}

function describe({ code: domainCode, field, message }: DomainError) {
  const { kind, code, text } = ANSWERS[domainCode]
  const own = kind === 'system' || domainCode === 'unknown-service'
  const detail = [field, message].filter((part) => part !== undefined).join(': ')
  return { kind, code, message: own ? text : `${text} (${detail})` }
}

function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof DatabaseUnavailable) return new DomainError('unavailable', '', { cause: error })
  const { code, statusCode = 500 } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new DomainError('too-large', 'send less in one request')
  if (code === 'FST_ERR_BAD_URL') return new DomainError('not-found', 'no call has this path')
  if (statusCode < 500) return new DomainError('malformed-body', 'the body cannot be read')
  return new DomainError('internal', '')
}
