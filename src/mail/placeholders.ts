import { DomainError, invalid } from '../kernel/domain-error.ts'

/** Where a template is used; this decides how values are inserted. */
export type TemplateKind = 'html' | 'text' | 'header'

export type Template = {
  /** Every key that the template names, reserved ones included. */
  readonly keys: ReadonlySet<string>
  /**
   * Fills the template in for one recipient. A value is inserted as it is, and never read as a template itself.
   * @throws MissingKeyError when a key has no value; DomainError invalid-value (`substitutions.<key>`) for CR, LF or
   * NUL in a header.
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

/** The keys that stand for the recipient's unsubscribe page; a recipient's own values cannot override them. */
export const UNSUBSCRIBE_KEYS: readonly string[] = ['unsubscribe_url', 'KarteUnsubscribeUrl']

const PLACEHOLDER = /\{\{(?!\s*\}\})([^{}\r\n]*)\}\}/
const KEYWORD = /##(?=([^#\r\n]{1,200})##)|(\{\{\s*(?:unsubscribe_url|KarteUnsubscribeUrl)\s*\}\})/g
const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Parses placeholders once, for rendering any number of times: `{{key}}`, where blanks around the key are ignored and
 * empty braces are plain text. With `keywords`, `##keyword##` instead, but still `{{unsubscribe_url}}`; other pairs of
 * `##` are plain text, since they are ornaments in Japanese mail.
 */
export function compileTemplate(
  template: string,
  kind: TemplateKind,
  keywords?: readonly string[],
): Template {
  const pieces = keywords ? splitAtKeywords(template, keywords) : splitAtBraces(template)
  const literals = pieces.filter((_, at) => at % 2 === 0)
  const keys = pieces.filter((_, at) => at % 2 === 1)
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

/** Literals and keys in turn. */
function splitAtBraces(template: string): string[] {
  return template.split(PLACEHOLDER).map((piece, at) => (at % 2 === 1 ? piece.trim() : piece))
}

function splitAtKeywords(template: string, keywords: readonly string[]): string[] {
  const known = new Set([...keywords, ...UNSUBSCRIBE_KEYS])
  const pieces: string[] = []
  let start = 0
  for (const { index, 1: keyword, 2: link } of template.matchAll(KEYWORD)) {
    const isKeyword = keyword !== undefined && known.has(keyword)
    if (index < start || (!isKeyword && link === undefined)) continue
    pieces.push(template.slice(start, index), link?.slice(2, -2).trim() ?? (keyword as string))
    start = index + (link?.length ?? (keyword as string).length + 4)
  }
  return [...pieces, template.slice(start)]
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
