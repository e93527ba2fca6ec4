import type { Language } from '../../kernel/texts.ts'
import type { FormInput } from '../../pages/form-page.ts'
import type { FormDefinition, FormField } from '../../tenants/form-rules.ts'
import { FORM_TEXTS } from './form-texts.ts'

/** Names of inputs. Fields keep theirs when they are moved: forms embedded in other sites use them. */
export const ADDRESS = 'address'
export const CONSENT = 'consent'
export const TRAP = 'website'
export const nameOf = ({ attribute }: Pick<FormField, 'attribute'>): string => `attributes.${attribute}`

export const MOST_CHARACTERS = 200
export const MOST_OF_ADDRESS = 254

/** What a form asks for, in one of the languages that it is offered in. */
export function inputsOf({ texts, fields }: FormDefinition, language: Language): FormInput[] {
  const consent = texts[language]?.consent
  return [
    {
      ...{ name: ADDRESS, kind: 'email', label: FORM_TEXTS[language].address, required: true },
      most: MOST_OF_ADDRESS,
    },
    ...fields.map((field) => ({
      name: nameOf(field),
      kind: field.type,
      label: field.label[language] ?? field.attribute,
      required: field.required,
      ...(field.type === 'text' && { most: MOST_CHARACTERS }),
      ...(field.type === 'choice' && {
        choices: field.choices.map(({ value, label }) => ({ value, label: label[language] ?? value })),
      }),
    })),
    ...(consent
      ? [{ name: CONSENT, kind: 'checkbox', label: consent, required: true } satisfies FormInput]
      : []),
  ]
}
