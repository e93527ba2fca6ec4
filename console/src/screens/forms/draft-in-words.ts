import { useLanguage } from '../../texts/i18n.ts'
import type { Draft } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

/** The name of a part of a form, and in words what somebody else made of it. */
export function useDraftInWords(): (part: keyof Draft, value: unknown) => { name: string; value: string } {
  const t = useFormTexts()
  const [language] = useLanguage()
  const inWords = (part: keyof Draft, value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'on' : 'off')
    if (part === 'languages') return (value as Draft['languages']).map((one) => t(one)).join(', ')
    if (part === 'texts') return (value as Draft['texts'])[language].title
    if (part === 'fields') return (value as Draft['fields']).map(({ attribute }) => attribute).join(', ')
    return String(value ?? t('usualSender'))
  }
  return (part, value) => ({ name: t(part), value: inWords(part, value) })
}
