import type { Language } from '../kernel/texts.ts'
import { frame } from './frame.ts'
import { type Html, html } from './html.ts'
import { brokenLines, paragraphs } from './paragraphs.ts'
import type { Theme } from './theme.ts'

/** Something that a form asks for. A ticked checkbox sends `yes`. */
export interface FormInput {
  readonly name: string
  readonly kind: 'email' | 'text' | 'date' | 'choice' | 'checkbox'
  readonly label: string
  readonly required: boolean
  /** Characters of a text. */
  readonly most?: number
  /** Of a choice, in their order. */
  readonly choices?: ReadonlyArray<{ readonly value: string; readonly label: string }>
}

/** What was typed before, and what is wrong with it. */
interface Answer {
  readonly value?: string | undefined
  readonly mistake?: string | undefined
}

/** A form that POSTs to `action`. */
export interface FormView {
  readonly action: string
  readonly inputs: ReadonlyArray<FormInput & Answer>
  readonly button: string
  /** Said beside what has to be filled in. */
  readonly requiredWord: string
  /** Stands where nothing is chosen yet. */
  readonly chooseWord: string
  /**
   * Hidden from people; programs fill it in and give themselves away. Where the style of a site shows it, nobody can type
   * into it.
   */
  readonly trap: { readonly name: string; readonly label: string }
}

export interface FormPageView extends FormView {
  readonly language: Language
  readonly title: string
  readonly lead: string
  /** Why the form was not taken. */
  readonly problem?: string | undefined
  /** The same page in another language. */
  readonly switchTo?:
    | { readonly language: Language; readonly label: string; readonly href: string }
    | undefined
}

/** A page with a form, in the service's look; send it with headers of `pageHeaders`. */
export function formPage(view: FormPageView, theme: Theme): string {
  const { language, title, lead, problem, switchTo } = view
  const content = html`${paragraphs(lead)}
${problem === undefined ? undefined : html`<p class="mistake" role="alert">${problem}</p>`}
${formMarkup(view)}
${
  switchTo &&
  html`<p class="note"><a href="${switchTo.href}" lang="${switchTo.language}" hreflang="${switchTo.language}">${switchTo.label}</a></p>`
}`
  return frame({ language, title, content, theme })
}

/** The form alone, as it is also embedded in other sites: it needs neither script nor style. */
export function formMarkup({ action, inputs, trap, button, ...words }: FormView): Html {
  return html`<form method="post" action="${action}" accept-charset="utf-8">
${inputs.map((input, index) => html`${inputMarkup(input, `kaijo-${index}`, words)}\n`)}<p hidden inert><label>${trap.label} <input name="${trap.name}" tabindex="-1" autocomplete="off"></label></p>
<p><button type="submit">${button}</button></p>
</form>`
}

type Words = Pick<FormView, 'requiredWord' | 'chooseWord'>

function inputMarkup(input: FormInput & Answer, id: string, words: Words): Html {
  const { kind, label, required, mistake } = input
  const word = required ? html` <small>${words.requiredWord}</small>` : undefined
  const control = controlMarkup(input, id, words)
  // Isolates the label's writing direction from what stands beside it.
  const shown = html`<bdi>${brokenLines(label)}</bdi>${word}`
  const said =
    mistake === undefined ? undefined : html`<span class="mistake" id="${id}-mistake">${mistake}</span>`
  return kind === 'checkbox'
    ? html`<p><label class="check" for="${id}">${control} <span>${shown}</span></label>${said}</p>`
    : html`<p><label for="${id}">${shown}</label>${control}${said}</p>`
}

function controlMarkup(input: FormInput & Answer, id: string, { chooseWord }: Words): Html {
  const { name, kind, required, most, choices = [], value = '', mistake } = input
  const attributes = html`id="${id}" name="${name}"${flag('required', required)}${
    mistake === undefined ? undefined : html` aria-invalid="true" aria-describedby="${id}-mistake"`
  }`
  if (kind === 'checkbox') {
    return html`<input ${attributes} type="checkbox" value="yes"${flag('checked', value !== '')}>`
  }
  if (kind === 'choice') {
    const options = [{ value: '', label: chooseWord }, ...choices].map(
      (choice) =>
        html`<option value="${choice.value}"${flag('selected', choice.value === value)}>${choice.label}</option>`,
    )
    return html`<select ${attributes}>${options}</select>`
  }
  const limit = most === undefined ? undefined : html` maxlength="${most}"`
  const autocomplete = kind === 'email' ? html` autocomplete="email"` : undefined
  const direction = kind === 'text' ? html` dir="auto"` : undefined
  return html`<input ${attributes} type="${kind}"${limit}${autocomplete}${direction} value="${value}">`
}

function flag(name: string, isOn: boolean): Html | undefined {
  return isOn ? html` ${name}` : undefined
}
