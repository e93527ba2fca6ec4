import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'

/** The signed-in person, with the services that they see. */
const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => bodyOf(api.GET('/api/v1/me')),
  staleTime: 60_000,
})

export function useMe({ enabled = true } = {}) {
  return useQuery({ ...meQuery, enabled })
}

export type Me = Awaited<ReturnType<NonNullable<typeof meQuery.queryFn>>>
export type Permission =
  | 'view'
  | 'download'
  | 'send'
  | 'edit'
  | 'error-count-reset'
  | 'admin'
  | 'site-admin'
  | 'installation'

/** A whole site is administered by an administrator of all its services, the installation by one of all sites. */
export function mayDo(me: Me, permission: Permission): boolean {
  const { person, can } = me
  if (permission === 'admin') return person.role === 'administrator'
  if (permission === 'site-admin') return person.role === 'administrator' && person.services.length === 0
  if (permission === 'installation') return mayDo(me, 'site-admin') && person.siteId === null
  return can.includes(permission)
}

/**
 * Whether the signed-in person may do something: what they may not do is not offered; the server refuses it in any
 * case.
 */
export function useCan(permission: Permission): boolean {
  const { data } = useMe()
  return data !== undefined && mayDo(data, permission)
}
