import type { Language } from '../kernel/texts.ts'
import { frame } from './frame.ts'
import { type Html, html } from './html.ts'
import { paragraphs } from './paragraphs.ts'
import type { Theme } from './theme.ts'

/** A button that POSTs to `action`, a path on this origin. */
export type Button = {
  readonly label: string
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}

/** What somebody is told on a public page, and may do: about a list, a confirmation or a registration. */
export type NoticeView = {
  readonly language: Language
  readonly title: string
  readonly lead: string
  readonly facts: ReadonlyArray<{ readonly label: string; readonly value: string }>
  readonly notes: readonly string[]
  readonly button?: Button
  /** Further lists, each with a button of its own or a word that says why there is none. */
  readonly others: ReadonlyArray<{ readonly label: string; readonly button?: Button; readonly note?: string }>
}

/** The view as a page of the service's look; send it with headers of `pageHeaders`. */
export function noticePage(view: NoticeView, theme: Theme): string {
  const { language, title, lead, facts, notes, button, others } = view
  const content = html`${paragraphs(lead)}
${facts.length > 0 ? html`<dl>${facts.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>` : undefined}
${notes.map((note) => html`<p class="note">${note}</p>`)}
${button && toForm(button)}
${others.map((other) => html`<hr><p>${other.label} ${other.note}</p>${other.button && toForm(other.button)}`)}`
  return frame({ language, title, content, theme })
}

/** The view as plain text; send it with TEXT_HEADERS. */
export function noticeText({ title, lead, facts, notes, button }: NoticeView): string {
  const lines = [
    title,
    '',
    lead,
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...notes,
    ...(button ? [`${button.label}: POST ${button.action}`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function toForm({ label, action, fields }: Button): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="post" action="${action}">${hidden}<button type="submit">${label}</button></form>`
}
