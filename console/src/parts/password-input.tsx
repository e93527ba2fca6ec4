import '@mantine/core/styles/PasswordInput.css'
import { PasswordInput as Input, type PasswordInputProps } from '@mantine/core'
import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('password-input', {
  ja: { toggle: 'パスワードの表示を切り替える' },
  en: { toggle: 'Show or hide the password' },
})

/** A field for a password, which can be made visible. */
export function PasswordInput(props: PasswordInputProps) {
  const t = useTexts()
  return <Input visibilityToggleButtonProps={{ 'aria-label': t('toggle') }} {...props} />
}
