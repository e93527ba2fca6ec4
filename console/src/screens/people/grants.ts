import type { Me } from '../../session/me.ts'

export type Person = Me['person']
export type Role = Person['role']
export type Permission = Person['permissions'][number]

export const ROLES: readonly Role[] = ['administrator', 'operator', 'viewer']
export const PERMISSIONS: readonly Permission[] = ['view', 'download', 'send', 'edit', 'error-count-reset']

/** What a role brings along, as the server has it: shown as granted, and not to be taken away. */
export function isOfRole(role: Role, permission: Permission): boolean {
  return role === 'viewer' ? permission === 'view' : permission !== 'error-count-reset'
}

/** What is entered about a person. */
export interface Entry {
  email: string
  name: string
  role: Role
  permissions: Permission[]
  siteId: number | null
  services: string[]
}

/** What is granted besides the role: of a permission that the role has anyway nothing is kept. */
export function grantsOf({ name, role, permissions, siteId, services }: Entry): Omit<Entry, 'email'> {
  const besides = permissions.filter((permission) => !isOfRole(role, permission))
  return { name, role, permissions: besides, siteId, services }
}
