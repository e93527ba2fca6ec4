import { useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'

/** The senders of a service, to choose from: the first thousand of them. */
export function useSenders(service: number): readonly { address: string; oneClick: boolean }[] | undefined {
  const { data } = useQuery({
    queryKey: ['senders', service, 'all'],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/services/{service}/senders', {
          params: { path: { service }, query: { limit: 1_000 } },
        }),
      ),
  })
  return data?.items
}
