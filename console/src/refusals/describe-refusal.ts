import type { Language } from '../texts/language.ts'
import { CODE_TEXTS, DETAILED } from './code-texts.ts'
import { nameOfField } from './field-names.ts'
import { asOffered, fileInJapanese } from './file-texts.ts'
import { ruleInJapanese } from './rule-texts.ts'

/** Codes under which files are refused. */
const FILE_CODES: ReadonlySet<string> = new Set(['unreadable-file', 'too-large', 'malformed-body'])

/** One thing that the server refuses. */
export interface Mistake {
  code: string
  field?: string | undefined
  /** In the server's words. */
  detail: string
}

/** Everything that the server refuses, a sentence each, in the language of who reads it. */
export function describeRefusal(mistakes: readonly Mistake[], language: Language): string[] {
  return mistakes.map((mistake) => {
    const sentence = describeMistake(mistake, language)
    const { field } = mistake
    if (field === undefined || !DETAILED.has(mistake.code)) return sentence
    return `${nameOfField(field, language)}: ${sentence}`
  })
}

/**
 * One of them, without the field's name: which rule is broken, or else what the code means. What a reader of Japanese cannot be
 * told of a code that stands for many things stays in the server's words behind it.
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
