import type { paths } from '../../api/schema.d.ts'

export type ApiUser =
  paths['/api/v1/api-users']['get']['responses']['200']['content']['application/json']['items'][number]
export type Role = ApiUser['role']
export type Permission = ApiUser['permissions'][number]

export const ROLES: readonly Role[] = ['user', 'group-admin']
export const PERMISSIONS: readonly Permission[] = ['view', 'download', 'send', 'edit']

/** The entries of the form about an API user. */
export interface Entry {
  siteId: number
  name: string
  role: Role
  permissions: Permission[]
  services: string[]
  timeZone: string | null
  /** A key that clients have already; the server then makes none. */
  key: string | undefined
}

/** A group admin may do everything, so no permissions are stored for one. */
export function grantsOf({ role, permissions, services, timeZone }: Entry) {
  return { role, permissions: role === 'group-admin' ? [] : permissions, services, timeZone }
}

export function mayDo({ role, permissions }: ApiUser, permission: Permission): boolean {
  return role === 'group-admin' || permissions.includes(permission)
}
