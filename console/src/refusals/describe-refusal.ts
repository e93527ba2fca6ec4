import type { Language } from '../texts/language.ts'
import { CODE_TEXTS, DETAILED } from './code-texts.ts'
import { nameOfField } from './field-names.ts'
import { asOffered, fileInJapanese } from './file-texts.ts'
import { ruleInJapanese } from './rule-texts.ts'

/** Codes with which files are refused. */
const FILE_CODES: ReadonlySet<string> = new Set(['unreadable-file', 'too-large', 'malformed-body'])

/** One mistake named in a refusal. */
export interface Mistake {
  code: string
  field?: string | undefined
  /** In the server's words. */
  detail: string
}

/** Everything that a refusal names, one sentence each, in the reader's language. */
export function describeRefusal(mistakes: readonly Mistake[], language: Language): string[] {
  return mistakes.map((mistake) => {
    const sentence = describeMistake(mistake, language)
    const { field } = mistake
    if (field === undefined || !DETAILED.has(mistake.code)) return sentence
    return `${nameOfField(field, language)}: ${sentence}`
  })
}

/**
 * One mistake, without the field's name: the broken rule, or else the meaning of the code. For a code that stands for
 * many things, whatever has no Japanese text is added in the server's words.
 */
export function describeMistake({ code, detail }: Mistake, language: Language): string {
  const sentence = CODE_TEXTS[language][code] ?? detail
  if (!DETAILED.has(code) || detail === '') return sentence
  const isRule = code === 'invalid-value'
  if (language === 'ja') {
    if (isRule) return ruleInJapanese(detail) ?? `${sentence}(詳細: ${detail})`
    const file = FILE_CODES.has(code) ? fileInJapanese(detail) : undefined
    return `${sentence}${file ?? `(詳細: ${detail})`}`
  }
  const offered = asOffered(detail)
  const said = `${offered.charAt(0).toUpperCase()}${offered.slice(1)}.`.replace(/\.\.$/, '.')
  return isRule ? said : `${sentence} ${said}`
}
