import { createContext, useContext } from 'react'
import { nameOfField } from '../../refusals/field-names.ts'
import { useLanguage } from '../../texts/i18n.ts'
import type { Draft, Value } from './settings-draft.ts'

interface SettingForm {
  values: Draft
  set(change: Draft): void
  errorOf(field: string): string | undefined
  /** Who may not change them sees them all the same. */
  readOnly: boolean
}

export const SettingFormContext = createContext<SettingForm | undefined>(undefined)

function useForm(): SettingForm {
  const form = useContext(SettingFormContext)
  if (!form) throw new Error('there is no form of settings around this')
  return form
}

/** What the server says against a part of a setting. */
export function useFieldError(): SettingForm['errorOf'] {
  return useForm().errorOf
}

/** One setting of the form around: its name in words, its value, and what the server says against it. */
export function useSetting(field: string) {
  const form = useForm()
  const [language] = useLanguage()
  return {
    label: nameOfField(field, language),
    value: form.values[field] as Value,
    error: form.errorOf(field),
    disabled: form.readOnly,
    set: (value: Value) => form.set({ [field]: value }),
  }
}
