import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'

/** Who is signed in, with the services that they see. */
const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => bodyOf(api.GET('/api/v1/me')),
  staleTime: 60_000,
})

export function useMe({ enabled = true } = {}) {
  return useQuery({ ...meQuery, enabled })
}

export type Me = Awaited<ReturnType<NonNullable<typeof meQuery.queryFn>>>
type Permission = 'view' | 'download' | 'send' | 'edit' | 'error-count-reset' | 'admin'

/** Whether the signed-in person may do something: what they may not is not offered; the server refuses it all the same. */
export function useCan(permission: Permission): boolean {
  const { data } = useMe()
  if (!data) return false
  if (permission === 'admin') return data.person.role === 'administrator'
  return data.can.includes(permission)
}
