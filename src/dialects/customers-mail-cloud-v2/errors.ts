import { DomainError, type DomainErrorCode } from '../../kernel/domain-error.ts'
import { mistakesOf } from '../../kernel/mistakes.ts'
import type { Language } from '../../kernel/texts.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'

/**
 * The vendor's documented messages, 15-007 among them; for what it leaves open there are codes of ours: 10-001, from
 * 10-004 on, 11, 90, 99.
 */
export const MESSAGES = {
  '10-001': { ja: '{0} は必須項目です。', en: '{0} is required.' },
  '10-002': {
    ja: '指定されたサーバ構成 {0} は存在しません。',
    en: 'The specified server composition {0} does not exist.',
  },
  '10-003': {
    ja: '開始日には終了日以前の日付を指定してください。',
    en: 'Specify a start date that is the same as or before the end date.',
  },
  '10-004': { ja: '{0} の値が不正です。', en: 'The value of {0} is not valid.' },
  '10-005': {
    ja: '検索期間は31日以内で指定してください。',
    en: 'Specify a search period of 31 days or less.',
  },
  '10-006': { ja: '未来の日付は指定できません。', en: 'A future date cannot be specified.' },
  '11-001': { ja: 'api_user または api_key が正しくありません。', en: 'api_user or api_key is not correct.' },
  '12-001': {
    ja: 'emailで指定されたデータは存在しません。',
    en: 'The data specified by email does not exist.',
  },
  '12-002': {
    ja: '指定されたデータにアクセスする権限がありません。',
    en: 'You do not have permission to access the specified data.',
  },
  '15-001': {
    ja: '値の指定方法(JSONフォーマット)が不正です。',
    en: 'The value is not specified in a valid way (JSON format).',
  },
  '15-002': { ja: 'メールアドレスの指定がありません。', en: 'No email address is specified.' },
  '15-003': {
    ja: 'メールアドレスの指定がありません。({位置})',
    en: 'No email address is specified. ({位置})',
  },
  '15-004': { ja: 'email は必須項目です。({位置})', en: 'email is required. ({位置})' },
  '15-005': {
    ja: '指定可能なメールアドレス数を超えました。',
    en: 'The number of email addresses exceeds the limit.',
  },
  '15-006': {
    ja: 'メールアドレスが重複しています。({位置})',
    en: 'The email address is duplicated. ({位置})',
  },
  '15-007': {
    ja: 'emailで指定されたデータは存在しません。({位置})',
    en: 'The data specified by email does not exist. ({位置})',
  },
  '90-001': { ja: 'リクエストを読み取れません。', en: 'The request cannot be read.' },
  '90-002': { ja: '指定された操作は存在しません。', en: 'The specified operation does not exist.' },
  '90-003': { ja: 'POSTメソッドを使用してください。', en: 'Use the POST method.' },
  '90-004': { ja: 'リクエストが大きすぎます。', en: 'The request is too large.' },
  '90-005': {
    ja: 'Content-Type には application/x-www-form-urlencoded または application/json を指定してください。',
    en: 'Specify application/x-www-form-urlencoded or application/json as the Content-Type.',
  },
  '90-006': { ja: '現在の状態では実行できません。', en: 'This is not possible in the current state.' },
  '99-001': { ja: 'システムエラーが発生しました。', en: 'A system error has occurred.' },
  '99-002': {
    ja: 'サービスを一時的に利用できません。しばらくしてから再度実行してください。',
    en: 'The service is temporarily unavailable. Try again later.',
  },
} as const satisfies Record<string, Record<Language, string>>

export type VendorCode = keyof typeof MESSAGES

export interface VendorError {
  code: VendorCode
  /** The parameter at fault; '' where there is none. */
  field: string
  /** What stands for {0}. */
  value?: string
  /** What stands for {位置}: the place among the addresses, from 1. */
  place?: number
  /** What the vendor's words cannot say, in English. */
  detail?: string
}

/** A refusal in the vendor's words: with one error, or with all that were found. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly errors: readonly VendorError[]

  constructor(...errors: readonly VendorError[]) {
    super(errors.map(({ code, field }) => `${code} ${field}`).join(', '))
    this.errors = errors
  }
}

/** How each refusal of the rooms below is answered. */
const ANSWERS: Record<DomainErrorCode, VendorCode> = {
  'invalid-value': '10-004',
  'unknown-field': '10-004',
  'malformed-body': '90-001',
  'too-large': '90-004',
  'too-many-recipients': '15-005',
  'unreadable-file': '90-001',
  unauthenticated: '11-001',
  forbidden: '12-002',
  'confirmation-needed': '12-002',
  'not-found': '90-002',
  'unknown-service': '10-002',
  'unknown-sender': '12-001',
  'unknown-list': '12-001',
  'unknown-filter': '12-001',
  'unknown-delivery': '12-001',
  'unknown-message': '12-001',
  'unknown-import': '12-001',
  'unknown-subscriber': '12-001',
  'unknown-form': '12-001',
  'not-listed': '12-001',
  'from-not-allowed': '12-002',
  'sender-is-permanent': '90-006',
  'name-taken': '90-006',
  'request-id-reused': '90-006',
  'same-import': '90-006',
  'wrong-state': '90-006',
  'changed-meanwhile': '90-006',
  unavailable: '99-002',
  internal: '99-001',
}

/** Everything else is a mistake in the request: 400. */
const STATUS: Partial<Record<VendorCode, number>> = {
  '11-001': 401,
  '12-002': 403,
  '90-002': 404,
  '90-003': 405,
  '90-004': 413,
  '90-005': 415,
  '99-001': 500,
  '99-002': 503,
}

const LONGEST_VALUE = 100

/** Our own failures never tell their cause: it goes to the log. */
export function toRefused(error: unknown): Refused {
  if (error instanceof Refused) return error
  if (error instanceof DatabaseUnavailable) return refused('99-002')
  if (error instanceof DomainError) {
    return new Refused(...mistakesOf(error).map(fromDomain))
  }
  return refused(ofFastify(error))
}

export function refused(code: VendorCode, field = '', value = field): Refused {
  return new Refused(errorOf(code, field, value))
}

export function statusOf({ errors: [first] }: Refused): number {
  return (first && STATUS[first.code]) ?? 400
}

export function messageOf({ code, value = '', place, detail }: VendorError, language: Language): string {
  const given = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value
  const message = MESSAGES[code][language].replace('{0}', () => given).replace('{位置}', String(place))
  return detail === undefined ? message : `${message} (${detail})`
}

function fromDomain({ code, field = '', message }: DomainError): VendorError {
  const error = errorOf(ANSWERS[code], field)
  return error.code === '90-001' ? { ...error, detail: message } : error
}

function errorOf(code: VendorCode, field: string, value = field): VendorError {
  return { code, field, value }
}

/** What Fastify refuses before a handler sees it. */
function ofFastify(error: unknown): VendorCode {
  const { code, statusCode = 500 } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return '90-004'
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return '90-005'
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') return '90-002'
  return statusCode < 500 ? '90-001' : '99-001'
}
