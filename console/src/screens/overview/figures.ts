import { useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'

/** What a day, or a sender, came to. */
export interface Mailed {
  sent: number
  excluded: number
  failed: number
}

const MOST_PAGES = 20
const NOTHING: Mailed = { sent: 0, excluded: 0, failed: 0 }

/** Everything that the overview shows of a service. */
export function useFigures(service: number) {
  const path = { service }
  return useQuery({
    queryKey: ['overview', service],
    refetchInterval: 60_000,
    queryFn: async () => {
      const [days, lists, attention, expiring, senders] = await Promise.all([
        bodyOf(api.GET('/api/v1/services/{service}/counts/days', { params: { path } })),
        bodyOf(api.GET('/api/v1/services/{service}/counts/lists', { params: { path } })),
        bodyOf(api.GET('/api/v1/services/{service}/attention', { params: { path } })),
        bodyOf(api.GET('/api/v1/services/{service}/expiring', { params: { path, query: { days: 7 } } })),
        readSenders(service),
      ])
      return {
        days: days.items.map(({ day, sent, kept, excluded, failed }) => ({
          day,
          sent: sent + kept,
          excluded,
          failed,
        })),
        lists: lists.items,
        attention,
        expiring: expiring.items.reduce((sum, { count }) => sum + count, 0),
        senders,
      }
    },
  })
}

export type Figures = NonNullable<ReturnType<typeof useFigures>['data']>

/** By sender, who sends most first. */
async function readSenders(service: number): Promise<({ sender: string } & Mailed)[]> {
  const sums = new Map<string, Mailed>()
  let cursor: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { items, next } = await bodyOf(
      api.GET('/api/v1/services/{service}/counts', {
        params: { path: { service }, query: { limit: 1_000, ...(cursor && { cursor }) } },
      }),
    )
    for (const { sender, outcome, count } of items) {
      const sum = sums.get(sender) ?? NOTHING
      const name = outcome === 'kept' ? 'sent' : outcome
      if (name === 'sent' || name === 'excluded' || name === 'failed') {
        sums.set(sender, { ...sum, [name]: sum[name] + count })
      }
    }
    if (next === null) break
    cursor = next
  }
  const all = [...sums].map(([sender, sum]) => ({ sender, ...sum }))
  return all.sort((a, b) => b.sent + b.excluded + b.failed - (a.sent + a.excluded + a.failed))
}

/** Today in a zone, as the interface names days. */
export function todayIn(timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date())
}
