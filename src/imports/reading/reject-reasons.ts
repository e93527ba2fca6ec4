import type { Language } from '../../kernel/texts.ts'

/** Sentences with what was found in them. */
type Sentences = Readonly<Record<Language, (...found: string[]) => string>>

/**
 * Every reason for which a row is skipped, in both languages. The arguments are what was found, such as the name of a
 * column, in the order in which the sentences take them.
 */
const REASONS = {
  'no-address': { en: () => 'there is no address', ja: () => 'メールアドレスがありません' },
  'malformed-address': {
    en: () => 'this is not a mail address',
    ja: () => 'メールアドレスの形式が正しくありません',
  },
  'malformed-sender': {
    en: () => 'the sender is not a mail address',
    ja: () => '送信元アドレスの形式が正しくありません',
  },
  'archived-list': {
    en: () => 'the list no longer applies to any mail',
    ja: () => 'このリストは、もうどのメールにも使われていません',
  },
  'no-list': { en: () => 'the row does not name a list', ja: () => 'どのリストの行かが分かりません' },
  'resumed-later': {
    en: () => 'a later row resumes delivery',
    ja: () => '後の行で配信が再開されています',
  },
  deliverable: {
    en: (column = '', value = '') => `${column} is ${value}: mail is delivered again`,
    ja: (column = '', value = '') => `${column} が ${value}(配信対象)です`,
  },
  'stops-nothing': {
    en: (column = '', value = '') => `${column} is ${value === '' ? 'empty' : value}, which stops nothing`,
    ja: (column = '', value = '') =>
      value === '' ? `${column} が空です` : `${column} が「${value}」の行は配信停止の対象ではありません`,
  },
  'passing-failure': {
    en: (code = '') => `${code} is a passing failure`,
    ja: (code = '') => `${code} は一時的なエラーです`,
  },
  'long-row': {
    en: (most = '') => `the row has more than ${most} bytes`,
    ja: (most = '') => `1 行が ${most} バイトを超えています`,
  },
  'unfit-user-ids': {
    en: () => 'a subscriber has at most 20 user ids, each a single line of at most 255 characters',
    ja: () => 'ユーザーIDは 20 個まで、それぞれ 255 文字以内の 1 行にしてください',
  },
  'unfit-attribute': {
    en: (name = '') => `${name} must have at most 1000 characters`,
    ja: (name = '') => `「${name}」は 1000 文字以内にしてください`,
  },
  'large-attributes': {
    en: () => 'the attributes take more than 16384 bytes as JSON',
    ja: () => '属性の合計が大きすぎます(JSON で 16384 バイトまで)',
  },
  /** In the words of an earlier release. */
  other: { en: (words = '') => words, ja: (words = '') => words },
} as const satisfies Readonly<Record<string, Sentences>>

export type RejectCode = keyof typeof REASONS

/** Why a row is skipped: a code, and what was found. */
export type RejectReason = readonly [code: RejectCode, ...found: string[]]

export const REJECT_CODES = Object.keys(REASONS) as RejectCode[]

/** The sentence of a reason in a language. */
export function describeReject([code, ...found]: RejectReason, language: Language): string {
  const sentences: Sentences = REASONS[code]
  return sentences[language](...found)
}
