import { createContext, useContext } from 'react'
import { nameOfField } from '../../refusals/field-names.ts'
import { useLanguage } from '../../texts/i18n.ts'
import type { Draft, Value } from './settings-draft.ts'

interface SettingForm {
  values: Draft
  set(change: Draft): void
  errorOf(field: string): string | undefined
  /** People who may not change the settings can still see them. */
  readOnly: boolean
}

export const SettingFormContext = createContext<SettingForm | undefined>(undefined)

function useForm(): SettingForm {
  const form = useContext(SettingFormContext)
  if (!form) throw new Error('there is no form of settings around this')
  return form
}

/** The server's objection to a part of a setting. */
export function useFieldError(): SettingForm['errorOf'] {
  return useForm().errorOf
}

/** One setting of the surrounding form: its name in words, its value, and the server's objection to it. */
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
