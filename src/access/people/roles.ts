import { PERMISSIONS } from '../api-user.ts'

export const PERSON_ROLES = ['administrator', 'operator', 'viewer'] as const
export type PersonRole = (typeof PERSON_ROLES)[number]

/**
 * `error-count-reset` is arara's 「エラーカウントリセット」: it alone opens the management of one-click lists (seed 000), and
 * no role brings it along.
 */
export const PERSON_PERMISSIONS = [...PERMISSIONS, 'error-count-reset'] as const
export type PersonPermission = (typeof PERSON_PERMISSIONS)[number]

const BY_ROLE: Record<PersonRole, readonly PersonPermission[]> = {
  administrator: PERMISSIONS,
  operator: PERMISSIONS,
  viewer: ['view'],
}

/** What somebody may do: by their role, and by what was granted in addition. */
export function permissionsOf(person: {
  role: PersonRole
  permissions: readonly PersonPermission[]
}): ReadonlySet<PersonPermission> {
  return new Set([...BY_ROLE[person.role], ...person.permissions])
}
