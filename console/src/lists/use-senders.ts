import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../api/client.ts'

type Senders = readonly { address: string; oneClick: boolean }[]

const MOST_PAGES = 20

/**
 * The most senders or lists shown to choose from, since each takes time to render; others are found by a part of their
 * address.
 */
export const MOST_SHOWN = 100

/** The senders of a service, to choose from: 20,000 at most. */
export function useSenderQuery(service: number): UseQueryResult<Senders> {
  return useQuery({
    queryKey: ['senders', service, 'all'],
    queryFn: async () => {
      const senders: Senders[number][] = []
      let cursor: string | undefined
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const { items, next } = await bodyOf(
          api.GET('/api/v1/services/{service}/senders', {
            params: { path: { service }, query: { limit: 1_000, ...(cursor && { cursor }) } },
          }),
        )
        senders.push(...items)
        if (next === null) break
        cursor = next
      }
      return senders
    },
  })
}

export const useSenders = (service: number): Senders | undefined => useSenderQuery(service).data
