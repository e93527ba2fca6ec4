import { type Html, html } from './html.ts'

/** Text of several lines; an empty one begins a new paragraph. */
export function paragraphs(text: string): Html[] {
  const blocks = text.split(/(?:\r?\n){2,}/).filter((block) => block.trim() !== '')
  return blocks.map((block) => {
    const [first = '', ...others] = block.split(/\r?\n/)
    return html`<p>${first}${others.map((line) => html`<br>${line}`)}</p>`
  })
}
