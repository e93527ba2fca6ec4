import { z } from 'zod'
import type { Language } from '../kernel/texts.ts'
import { isStorableText } from '../storage/row-set.ts'
import { embedOrigin, redirectUrl } from './form-places.ts'
import { shortName } from './short-line.ts'

const MOST_FIELDS = 20
const MOST_CHOICES = 50
const MOST_ORIGINS = 20
const LANGUAGES: readonly Language[] = ['ja', 'en']

/** One or more lines, or none. */
const lines = (most: number) =>
  z
    .string()
    .trim()
    .refine((given) => [...given].length <= most, `must have at most ${most} characters`)
    .refine(
      (given) => isStorableText(given) && !/[^\P{Cc}\r\n\t]/u.test(given),
      'must not hold control or half characters',
    )
    .meta({ maxLength: most })

const line = (most: number) => lines(most).refine((given) => !/[\r\n\t]/.test(given), 'must be a single line')

/** What a form says in one language; what is left empty is said in Kaijo's own words, or not at all. */
const texts = z.strictObject({
  title: shortName(100),
  lead: lines(2_000).default(''),
  button: line(40).default(''),
  consent: lines(1_000).default('').describe('has to be agreed to, where there is one'),
  done: lines(2_000).default('').describe('said to who has registered'),
  mailSubject: line(150).default('').describe('of the mail that asks to confirm'),
  mailText: lines(2_000).default('').describe('stands above the request to confirm in that mail'),
})

const words = z.strictObject({ ja: shortName(200).optional(), en: shortName(200).optional() })

const field = z.strictObject({
  attribute: shortName(100).describe('of the subscriber, which the answer becomes'),
  type: z.enum(['text', 'choice', 'checkbox', 'date']),
  label: words,
  required: z.boolean().default(false).describe('a checkbox has to be ticked'),
  choices: z
    .array(z.strictObject({ value: shortName(100), label: words }))
    .max(MOST_CHOICES, `must be at most ${MOST_CHOICES}`)
    .default([])
    .describe('of a choice, in their order'),
})

/** The parts of a form; a change gives each as a whole. */
const parts = {
  name: shortName(50).describe('for those who edit it'),
  active: z.boolean().describe('false: the page says that it is closed'),
  texts: z
    .strictObject({ ja: texts.optional(), en: texts.optional() })
    .describe('the form is offered in the languages that it has texts in'),
  fields: z
    .array(field)
    .max(MOST_FIELDS, `must be at most ${MOST_FIELDS}`)
    .describe('beside the address, in their order'),
  doubleOptIn: z.boolean().describe('who registers confirms it by a link in a mail'),
  sender: z
    .string()
    .max(254)
    .nullable()
    .describe('of that mail; null is whom the settings of the service name'),
  redirectUrl: redirectUrl.nullable().describe('https: where who has registered is led'),
  embedOrigins: z
    .array(embedOrigin)
    .max(MOST_ORIGINS, `must be at most ${MOST_ORIGINS}`)
    .transform((given) => [...new Set(given)])
    .describe('sites that may show the page in a frame, e.g. https://www.example.com'),
}

/** A change of a form. */
export const formChange = z.strictObject(parts).partial()

/** A form as a provisioning file describes it. */
export const formEntry = formChange.required({ name: true })

const form = z.strictObject({
  ...parts,
  active: parts.active.default(true),
  fields: parts.fields.default([]),
  doubleOptIn: parts.doubleOptIn.default(true),
  sender: parts.sender.default(null),
  redirectUrl: parts.redirectUrl.default(null),
  embedOrigins: parts.embedOrigins.default([]),
})

/** A whole form. */
export const formRequest = form.superRefine((given, context) => {
  for (const { path, message } of mistakesIn(given)) context.addIssue({ code: 'custom', path, message })
})

export type FormRequest = z.input<typeof form>
export type FormChange = z.output<typeof formChange>
export type FormDefinition = z.output<typeof form>
export type FormField = FormDefinition['fields'][number]

/** The languages that a form is offered in; the first one is for visitors who ask for none of them. */
export function languagesOf({ texts: given }: Pick<FormDefinition, 'texts'>): Language[] {
  return LANGUAGES.filter((language) => given[language])
}

interface Mistake {
  path: (string | number)[]
  message: string
}

/** Contradictions between its parts, each valid by itself. */
function* mistakesIn({ texts: given, fields }: FormDefinition): Generator<Mistake> {
  const languages = languagesOf({ texts: given })
  if (languages.length === 0) yield { path: ['texts'], message: 'must hold texts in ja, in en, or in both' }
  const hasConsent = languages.some((language) => given[language]?.consent)
  for (const language of languages) {
    if (hasConsent && !given[language]?.consent) {
      yield { path: ['texts', language, 'consent'], message: 'must be there in every language, or in none' }
    }
  }
  for (const [index, { attribute, type, label, choices }] of fields.entries()) {
    const path = ['fields', index]
    if (fields.findIndex((other) => other.attribute === attribute) < index) {
      yield { path: [...path, 'attribute'], message: 'stands there twice' }
    }
    yield* untranslated(languages, label, [...path, 'label'])
    if (type === 'choice' && choices.length === 0) {
      yield { path: [...path, 'choices'], message: 'must be there for a choice' }
    }
    if (type !== 'choice' && choices.length > 0) {
      yield { path: [...path, 'choices'], message: 'must not be there but for a choice' }
    }
    for (const [place, choice] of choices.entries()) {
      if (choices.findIndex(({ value }) => value === choice.value) < place) {
        yield { path: [...path, 'choices', place, 'value'], message: 'stands there twice' }
      }
      yield* untranslated(languages, choice.label, [...path, 'choices', place, 'label'])
    }
  }
}

function* untranslated(
  languages: readonly Language[],
  label: FormField['label'],
  path: Mistake['path'],
): Generator<Mistake> {
  for (const language of languages) {
    if (label[language] === undefined) {
      yield { path: [...path, language], message: 'must be there: the form is offered in this language' }
    }
  }
}
