import { Alert } from '@mantine/core'
import { useGrantTexts } from '../session/grant-texts.ts'
import { useCan } from '../session/me.ts'
import { createTexts } from '../texts/i18n.ts'

const useTexts = createTexts('read-only', {
  ja: {
    edit: '表示のみできます。変更できるのは、「{{permission}}」権限を持つ利用者です。',
    admin: '表示のみできます。変更できるのは、役割が「{{role}}」の利用者です。',
  },
  en: {
    edit: 'You can look at this. Changing it takes the permission “{{permission}}”.',
    admin: 'You can look at this. Changing it takes the role “{{role}}”.',
  },
})

/** Tells people who may not change a form, above it, who may. */
export function ReadOnly({ needs }: { needs: 'edit' | 'admin' }) {
  const t = useTexts()
  const grants = useGrantTexts()
  if (useCan(needs)) return null
  return (
    <Alert color="gray" role="note">
      {t(needs, { permission: grants('permission_edit'), role: grants('role_administrator') })}
    </Alert>
  )
}
