import type { Entry } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

/** The name of an API user's field and its value in words, to show what somebody else changed. */
export function useEntryInWords(): (part: keyof Entry, value: unknown) => { name: string; value: string } {
  const t = useApiUserTexts()
  const inWords = (part: keyof Entry, value: unknown): string => {
    if (part === 'role') return t(`role_${value as Entry['role']}`)
    if (part === 'permissions') {
      const names = (value as Entry['permissions']).map((each) => t(`permission_${each}`))
      return names.join(', ') || t('nothing')
    }
    if (part === 'services') return (value as Entry['services']).join(', ') || t('allServices')
    if (part === 'timeZone') return (value as Entry['timeZone']) ?? t('timeZoneOfService')
    return String(value ?? '')
  }
  return (part, value) => ({ name: t(part === 'siteId' ? 'site' : part), value: inWords(part, value) })
}
