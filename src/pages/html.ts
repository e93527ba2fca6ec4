/** Markup that is safe to send. The class is not exported, so that only the `html` template makes instances. */
class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.markup
  }
}

export type { Html }

type Content = Html | string | number | undefined | readonly Html[]

/**
 * Builds markup and escapes every value in it, for text and for quoted attributes alike. Html is inserted as it is, a
 * list of Html is joined, undefined is left out.
 */
export function html(strings: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(String.raw({ raw: strings }, ...contents.map(toMarkup)))
}

function toMarkup(content: Content): string {
  if (content instanceof Html) return content.markup
  if (Array.isArray(content)) return content.join('')
  return content === undefined ? '' : escapeText(String(content))
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
