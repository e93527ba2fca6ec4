import { type Html, html } from './html.ts'

/** Text of several lines; an empty one begins a new paragraph. */
export function paragraphs(text: string): Html[] {
  const blocks = text.split(/(?:\r?\n){2,}/).filter((block) => block.trim() !== '')
  return blocks.map((block) => html`<p>${brokenLines(block)}</p>`)
}

/** Text of several lines, for a place where no paragraph may stand. */
export function brokenLines(text: string): Html {
  const [first = '', ...others] = text.split(/\r?\n/)
  return html`${first}${others.map((line) => html`<br>${line}`)}`
}
