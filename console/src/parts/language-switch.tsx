import { SegmentedControl } from '@mantine/core'
import { useLanguage } from '../texts/i18n.ts'
import type { Language } from '../texts/language.ts'

export function LanguageSwitch() {
  const [language, choose] = useLanguage()
  return (
    <SegmentedControl
      size="xs"
      aria-label="言語 / Language"
      value={language}
      onChange={(value) => choose(value as Language)}
      data={[
        { value: 'ja', label: '日本語' },
        { value: 'en', label: 'English' },
      ]}
    />
  )
}
