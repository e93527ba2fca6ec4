import type { Me } from '../../session/me.ts'

export type Person = Me['person']
export type Role = Person['role']
export type Permission = Person['permissions'][number]

export const ROLES: readonly Role[] = ['administrator', 'operator', 'viewer']
export const PERMISSIONS: readonly Permission[] = ['view', 'download', 'send', 'edit', 'error-count-reset']

/** Whether a role includes a permission, as the server has it: shown as granted, and not removable. */
export function isOfRole(role: Role, permission: Permission): boolean {
  return role === 'viewer' ? permission === 'view' : permission !== 'error-count-reset'
}

/** The entries of the form about a person. */
export interface Entry {
  email: string
  name: string
  role: Role
  permissions: Permission[]
  siteId: number | null
  services: string[]
}

/** The permissions granted besides the role: those that the role includes anyway are not stored. */
export function grantsOf({ name, role, permissions, siteId, services }: Entry): Omit<Entry, 'email'> {
  const besides = permissions.filter((permission) => !isOfRole(role, permission))
  return { name, role, permissions: besides, siteId, services }
}
