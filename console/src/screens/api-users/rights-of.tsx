import type { ApiUser } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

/** What a user may do, in a few words. */
export function RightsOf({ user: { role, permissions } }: { user: ApiUser }) {
  const t = useApiUserTexts()
  if (role === 'group-admin') return t('role_group-admin')
  return permissions.map((permission) => t(`permission_${permission}`)).join(', ') || t('nothing')
}
