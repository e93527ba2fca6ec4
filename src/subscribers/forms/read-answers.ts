import { type Address, parseAddress } from '../../kernel/address.ts'
import { type FormDefinition, type FormField, languagesOf } from '../../tenants/form-rules.ts'
import { ADDRESS, CONSENT, MOST_CHARACTERS, nameOf } from './form-inputs.ts'
import type { Mistake } from './form-texts.ts'

/** What somebody entered, by the names of the inputs; '' for what was left out. */
export type Given = (name: string) => string

export interface Answers {
  /** Undefined only beside a mistake. */
  recipient: Address | undefined
  /** Fields left empty are not in it, and stay what they were. */
  attributes: Record<string, string | boolean>
  /** By the names of the inputs. */
  mistakes: Map<string, Mistake>
}

/** Reads what somebody entered into a form. Never throws. */
export function readAnswers(form: FormDefinition, given: Given): Answers {
  const mistakes = new Map<string, Mistake>()
  const address = enteredAddress(given)
  const recipient = parseAddress(address)
  if (!recipient) mistakes.set(ADDRESS, address === '' ? 'missing' : 'no-address')
  const attributes: Answers['attributes'] = {}
  for (const field of form.fields) {
    const name = nameOf(field)
    const read = readAnswer(field, cleaned(given(name)))
    if (read?.mistake) mistakes.set(name, read.mistake)
    else if (read) Object.defineProperty(attributes, field.attribute, { ...OWN, value: read.value })
  }
  const asksConsent = languagesOf(form).some((language) => form.texts[language]?.consent)
  if (asksConsent && given(CONSENT) === '') mistakes.set(CONSENT, 'not-ticked')
  return { recipient, attributes, mistakes }
}

/** Defines an own property whatever the attribute is called: `__proto__` is a name too. */
const OWN = { enumerable: true, configurable: true, writable: true }

/** The answer to one field; undefined where it may be left empty and is. */
function readAnswer(
  { type, required, choices }: FormField,
  text: string,
): { value: string | boolean; mistake?: undefined } | { mistake: Mistake } | undefined {
  if (type === 'checkbox') return required && text === '' ? { mistake: 'not-ticked' } : { value: text !== '' }
  if (text === '') return required ? { mistake: 'missing' } : undefined
  if (type === 'choice' && !choices.some(({ value }) => value === text)) return { mistake: 'no-choice' }
  if (type === 'date' && !isDate(text)) return { mistake: 'no-date' }
  if ([...text].length > MOST_CHARACTERS) return { mistake: 'too-long' }
  return { value: text }
}

/** Full-width ASCII, as a Japanese input method writes it. */
const FULL_WIDTH = /[\uff01-\uff5e]/g
const FROM_ASCII = 0xfee0

/** The address as it was meant: full-width characters as ASCII, since no mailbox differs in width (RFC 8265 §3.3.2). */
export function enteredAddress(given: Given): string {
  return cleaned(given(ADDRESS)).replace(FULL_WIDTH, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - FROM_ASCII),
  )
}

/** One line of text that every database takes, and every page shows as it is. */
export function cleaned(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

/** A day of the calendar, as a browser writes it. */
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
}
