import type { Language } from '../../kernel/texts.ts'
import { type FormPageView, type FormView, formMarkup } from '../../pages/form-page.ts'
import { html } from '../../pages/html.ts'
import type { NoticeView } from '../../pages/notice-page.ts'
import { languagesOf } from '../../tenants/form-rules.ts'
import { FORM_PATH, type Form } from './form.ts'
import { inputsOf, TRAP } from './form-inputs.ts'
import { FORM_TEXTS, type FormState, type Mistake, type Problem } from './form-texts.ts'
import type { Given } from './read-answers.ts'

/** What was entered before, and why it was not taken. */
export interface Entered {
  given: Given
  problem: Problem
  mistakes?: ReadonlyMap<string, Mistake> | undefined
}

/** A form in one of its languages; `base` precedes its path. After a mistake it is filled with what was entered. */
export function formView(form: Form, language: Language, base: string, entered?: Entered): FormPageView {
  const { title = '', lead = '' } = form.texts[language] ?? {}
  const words = FORM_TEXTS[language]
  const other = languagesOf(form).find((offered) => offered !== language)
  return {
    ...{ language, title, lead },
    ...parts(form, language, base, entered),
    problem: entered && words.problems[entered.problem],
    // Switching the language would lose what was entered.
    switchTo:
      other && !entered
        ? { language: other, label: FORM_TEXTS[other].name, href: placeOf(form, other, base) }
        : undefined,
  }
}

/** What a page says instead of showing the form. Whoever registered is told so in the form's own words. */
export function stateView(
  state: FormState,
  language: Language,
  { form, sentTo }: { form?: Form | undefined; sentTo?: string } = {},
): NoticeView {
  const words = FORM_TEXTS[language]
  const { title, lead } = words.states[state]
  const done = state === 'joined' && form?.texts[language]?.done
  return {
    ...{ language, title, lead: done || lead },
    facts: sentTo === undefined ? [] : [{ label: words.sentTo, value: sentTo }],
    ...{ notes: [], others: [] },
  }
}

/** HTML for a site of the customer's: the form itself, or the page in a frame. */
export function embedCode(form: Form, language: Language, publicUrl: string) {
  const place = placeOf(form, language, publicUrl)
  const frame = html`<iframe src="${place}" title="${form.texts[language]?.title}" width="100%" height="640"></iframe>`
  return { form: formMarkup(parts(form, language, publicUrl)).markup, frame: frame.markup }
}

function parts(form: Form, language: Language, base: string, entered?: Entered): FormView {
  const words = FORM_TEXTS[language]
  const inputs = inputsOf(form, language).map((input) => {
    const mistake = entered?.mistakes?.get(input.name)
    return { ...input, value: entered?.given(input.name), mistake: mistake && words.mistakes[mistake] }
  })
  return {
    inputs,
    action: placeOf(form, language, base),
    button: form.texts[language]?.button || words.button,
    requiredWord: words.required,
    chooseWord: words.choose,
    trap: { name: TRAP, label: words.trap },
  }
}

function placeOf({ id }: Form, language: Language, base: string): string {
  return `${base}${FORM_PATH}${id}?lang=${language}`
}
