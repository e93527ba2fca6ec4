import { Refusal } from '../../api/refusal.ts'
import type { paths } from '../../api/schema.d.ts'
import { describeMistake } from '../../refusals/describe-refusal.ts'
import type { Language } from '../../texts/language.ts'

export type RegistrationForm =
  paths['/api/v1/services/{service}/forms/{id}']['get']['responses']['200']['content']['application/json']

export const LANGUAGES = ['ja', 'en'] as const
export const TEXTS = ['title', 'lead', 'button', 'consent', 'done', 'mailSubject', 'mailText'] as const
export const FIELD_TYPES = ['text', 'choice', 'checkbox', 'date'] as const

type Words = Record<Language, string>
export type FormTexts = Record<(typeof TEXTS)[number], string>

export interface DraftChoice {
  key: string
  value: string
  label: Words
}

export interface DraftField {
  key: string
  attribute: string
  type: (typeof FIELD_TYPES)[number]
  label: Words
  required: boolean
  choices: readonly DraftChoice[]
}

/** A form as it stands in the inputs of its screen: entries that are switched off for now are kept. */
export interface Draft {
  name: string
  active: boolean
  languages: readonly Language[]
  texts: Record<Language, FormTexts>
  fields: readonly DraftField[]
  doubleOptIn: boolean
  sender: string | null
  redirectUrl: string
  /** One per line. */
  embedOrigins: string
}

const NO_WORDS: Words = { ja: '', en: '' }

const NO_TEXTS: FormTexts = {
  ...{ title: '', lead: '', button: '', consent: '', done: '' },
  ...{ mailSubject: '', mailText: '' },
}

export function newDraft(language: Language): Draft {
  return {
    ...{ name: '', active: true, languages: [language], texts: { ja: NO_TEXTS, en: NO_TEXTS }, fields: [] },
    ...{ doubleOptIn: true, sender: null, redirectUrl: '', embedOrigins: '' },
  }
}

export function newField(): DraftField {
  const key = crypto.randomUUID()
  return { key, attribute: '', type: 'text', label: NO_WORDS, required: false, choices: [] }
}

export function newChoice(): DraftChoice {
  return { key: crypto.randomUUID(), value: '', label: NO_WORDS }
}

export function toDraft(form: RegistrationForm): Draft {
  const { name, active, texts, fields, doubleOptIn, sender, redirectUrl, embedOrigins } = form
  return {
    ...{ name, active, doubleOptIn, sender },
    languages: LANGUAGES.filter((language) => texts[language]),
    texts: { ja: texts.ja ?? NO_TEXTS, en: texts.en ?? NO_TEXTS },
    // Keyed by position, so that reading the same form twice gives equal values.
    fields: fields.map(({ label, choices, ...field }, index) => ({
      ...{ ...field, key: String(index), label: { ...NO_WORDS, ...label } },
      choices: choices.map(({ value, label: called }, place) => ({
        ...{ value, key: String(place), label: { ...NO_WORDS, ...called } },
      })),
    })),
    redirectUrl: redirectUrl ?? '',
    embedOrigins: embedOrigins.join('\n'),
  }
}

/** The request's body: without texts in a language that the form is not offered in. */
export function toRequest(draft: Draft) {
  const { languages, fields } = draft
  const inEach = <T>(of: (language: Language) => T): Partial<Record<Language, T>> =>
    Object.fromEntries(languages.map((language) => [language, of(language)]))
  return {
    name: draft.name,
    active: draft.active,
    texts: inEach((language) => draft.texts[language]),
    fields: fields.map(({ attribute, type, label, required, choices }) => ({
      ...{ attribute, type, required, label: inEach((language) => label[language]) },
      choices: (type === 'choice' ? choices : []).map((choice) => ({
        value: choice.value,
        label: inEach((language) => choice.label[language]),
      })),
    })),
    doubleOptIn: draft.doubleOptIn,
    sender: draft.sender,
    redirectUrl: draft.redirectUrl.trim() || null,
    embedOrigins: draft.embedOrigins.split('\n').flatMap((line) => line.trim() || []),
  }
}

/** The changed parts of an existing form. */
export function toChange({ languages, ...changes }: Partial<Draft>, draft: Draft) {
  const changed = new Set([...Object.keys(changes), ...(languages ? ['texts', 'fields'] : [])])
  const parts = Object.entries(toRequest(draft)).filter(([part]) => changed.has(part))
  return Object.fromEntries(parts) as Partial<ReturnType<typeof toRequest>>
}

/**
 * The server's objection to one place of the form, e.g. `fields[0].label.ja`, or to parts of it where the place has
 * several.
 */
export type MistakeAt = (place: string) => string | undefined

export function mistakesOf(error: unknown, language: Language): MistakeAt {
  const all = error instanceof Refusal ? error.mistakes : []
  return (place) => {
    const mistake = all.find(({ field }) => field === place || field?.startsWith(`${place}[`))
    return mistake && describeMistake(mistake, language)
  }
}
