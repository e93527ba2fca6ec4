import { DomainError, invalid } from '../kernel/domain-error.ts'

/** Where a template stands; it decides what becomes of a value. */
export type TemplateKind = 'html' | 'text' | 'header'

export type Template = {
  /** Every key that the template names, reserved ones included. */
  readonly keys: ReadonlySet<string>
  /**
   * Fills the template in for one recipient. A value is inserted once and never read as a template itself.
   * @throws MissingKeyError when a key has no value; DomainError invalid-value (`substitutions.<key>`) for CR, LF or
   *   NUL in a header.
   */
  render(values: Readonly<Record<string, string>>, unsubscribeUrl?: string): string
}

/** A template names a key that the recipient has no value for: this one message is malformed. */
export class MissingKeyError extends DomainError {
  readonly key: string

  constructor(key: string) {
    super('invalid-value', `There is no value for {{${key}}}.`, { field: `substitutions.${key}` })
    this.key = key
  }
}

/** The keys that stand for the recipient's unsubscribe page; a recipient's own values cannot take their place. */
export const UNSUBSCRIBE_KEYS: readonly string[] = ['unsubscribe_url', 'KarteUnsubscribeUrl']

const PLACEHOLDER = /\{\{(?!\s*\}\})([^{}\r\n]*)\}\}/
const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Reads `{{key}}` placeholders once, for rendering any number of times. Blanks beside the key do not count; braces
 * around nothing are plain text.
 */
export function compileTemplate(template: string, kind: TemplateKind): Template {
  const pieces = template.split(PLACEHOLDER)
  const literals = pieces.filter((_, at) => at % 2 === 0)
  const keys = pieces.filter((_, at) => at % 2 === 1).map((key) => key.trim())
  return {
    keys: new Set(keys),
    render: (values, unsubscribeUrl) =>
      keys.reduce((filled, key, at) => {
        const value = UNSUBSCRIBE_KEYS.includes(key) ? unsubscribeUrl : ownValue(values, key)
        if (value === undefined) throw new MissingKeyError(key)
        return filled + insertable(value, key, kind) + literals[at + 1]
      }, literals[0] ?? ''),
  }
}

function ownValue(values: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

function insertable(value: string, key: string, kind: TemplateKind): string {
  if (kind === 'html') return value.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] as string)
  if (kind === 'header' && /[\0\r\n]/.test(value)) {
    throw invalid(`substitutions.${key}`, 'A value in a header must be a single line.')
  }
  return value
}
