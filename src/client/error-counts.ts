import type { Client } from './connection.ts'
import { parts } from './parts.ts'

export interface ErrorCount {
  address: string
  /** At the service's threshold or above it where the address is on `hard-bounces`. */
  count: number
  registeredAt: string
  updatedAt: string
}

export function errorCountsOf(client: Client) {
  return {
    /** How often mail to addresses came back for passing reasons; who has no count is left out. */
    of: async (addresses: Iterable<string>): Promise<{ items: ErrorCount[]; malformed: string[] }> => {
      const all: { items: ErrorCount[]; malformed: string[] } = { items: [], malformed: [] }
      for (const part of parts(addresses)) {
        const answer = await client.post<typeof all>('/error-counts/search', { addresses: part })
        all.items = all.items.concat(answer.items)
        all.malformed = all.malformed.concat(answer.malformed)
      }
      return all
    },
    /** Of at most 100 addresses: the threshold or more puts one on `hard-bounces`, less makes it deliverable again. */
    set: (counts: readonly { address: string; count?: number }[]) =>
      client.post<{ set: number }>('/error-counts', { counts }),
  }
}
