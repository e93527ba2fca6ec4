import type { Value } from './settings-draft.ts'
import { useSettingTexts } from './texts.ts'

/** The value of a setting, as the form shows it. */
export function useValueInWords(): (field: string, value: Value) => string {
  const t = useSettingTexts()
  return (field, value) => {
    if (value === null) return t(/^settings\.(?:mails|confirmations)Per/.test(field) ? 'noLimit' : 'forEver')
    if (typeof value === 'object') {
      return value.map(({ domain, perSecond }) => `${domain} ${perSecond}${t('perSecond')}`).join(t('comma'))
    }
    if (typeof value === 'boolean') return t(value ? 'on' : 'off')
    if (field === 'settings.blankMail') return t(`blankMail_${value as 'off'}`)
    if (field === 'settings.araraV1Times') return t(`araraTimes_${value as 'minutes'}`)
    if (field === 'allowedDomains') return String(value).replaceAll('\n', t('comma'))
    if (field === 'settings.exportEncryption') return t(value === 'aes-256' ? 'aes' : 'zipcrypto')
    if (field === 'page.language') return value === 'ja' ? '日本語' : 'English'
    if (field === 'settings.cancelMode') {
      const [, hour] = /^daily (.*)$/.exec(String(value)) ?? []
      return hour === undefined ? t('cancelImmediate') : t('cancelDailyAt', { hour })
    }
    return String(value)
  }
}
