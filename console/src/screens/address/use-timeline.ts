import { useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'
import type { paths } from '../../api/schema.d.ts'

export type Timeline =
  paths['/api/v1/services/{service}/timeline']['post']['responses']['200']['content']['application/json']

/** The history of an address on the lists, and the lists that exclude it now. */
export function useTimeline(service: number, address: string) {
  return useQuery({
    queryKey: ['address', service, address, 'timeline'],
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/timeline', { params: { path: { service } }, body: { address } }),
      ),
  })
}
