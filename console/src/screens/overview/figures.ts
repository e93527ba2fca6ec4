import { useQuery } from '@tanstack/react-query'
import { api, bodyOf } from '../../api/client.ts'

/** The mail of a day, or of a sender. */
export interface Mailed {
  sent: number
  excluded: number
  failed: number
}

/** Its results: who unsubscribed, what did not arrive, who complained. */
export interface Answered {
  unsubscribed: number
  bounced: number
  complained: number
}

export type OfSender = { sender: string } & Mailed & Answered

const MOST_PAGES = 20
const NOTHING: Mailed & Answered = {
  sent: 0,
  excluded: 0,
  failed: 0,
  unsubscribed: 0,
  bounced: 0,
  complained: 0,
}

/** Everything that the overview shows of a service. */
export function useFigures(service: number) {
  const path = { service }
  return useQuery({
    queryKey: ['overview', service],
    refetchInterval: 60_000,
    queryFn: async () => {
      const [days, lists, attention, sums] = await Promise.all([
        bodyOf(api.GET('/api/v1/services/{service}/counts/days', { params: { path } })),
        bodyOf(api.GET('/api/v1/services/{service}/counts/lists', { params: { path } })),
        bodyOf(api.GET('/api/v1/services/{service}/attention', { params: { path } })),
        sumSenders(service),
      ])
      return {
        days: withoutGaps(
          days.items.map(({ day, sent, kept, excluded, failed }) => ({
            day,
            sent: sent + kept,
            excluded,
            failed,
          })),
          { sent: 0, excluded: 0, failed: 0 },
        ),
        listed: withoutGaps(
          lists.items.map(({ day, unsubscribed, hardBounces, complaints, isMore }) => ({
            day,
            isMore,
            unsubscribed,
            bounced: hardBounces,
            complained: complaints,
          })),
          { unsubscribed: 0, bounced: 0, complained: 0, isMore: false },
        ),
        isMore: lists.items.some((day) => day.isMore),
        attention,
        /** On the last day with mail: accepted, but not sent to anybody for lack of a relay. */
        kept: days.items.at(-1)?.kept ?? 0,
        senders: withUnsubscribed(sums, lists.lists),
      }
    },
  })
}

export type Figures = NonNullable<ReturnType<typeof useFigures>['data']>

/** The results of each sender's mail; a bounce is an immediate failure or one reported later. */
async function sumSenders(service: number): Promise<Map<string, Mailed & Answered>> {
  const sums = new Map<string, Mailed & Answered>()
  const add = (sender: string, name: keyof (Mailed & Answered), count: number) => {
    const sum = sums.get(sender) ?? NOTHING
    sums.set(sender, { ...sum, [name]: sum[name] + count })
  }
  let cursor: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { items, next } = await bodyOf(
      api.GET('/api/v1/services/{service}/counts', {
        params: { path: { service }, query: { limit: 1_000, ...(cursor && { cursor }) } },
      }),
    )
    for (const { sender, outcome, count } of items) {
      if (outcome === 'sent' || outcome === 'kept') add(sender, 'sent', count)
      if (outcome === 'excluded' || outcome === 'failed' || outcome === 'complained') {
        add(sender, outcome, count)
      }
      if (outcome === 'failed' || outcome === 'bounced') add(sender, 'bounced', count)
    }
    if (next === null) break
    cursor = next
  }
  return sums
}

/** In descending order of mail sent. */
function withUnsubscribed(
  sums: ReadonlyMap<string, Mailed & Answered>,
  lists: readonly { list: string; count: number }[],
): OfSender[] {
  const all = new Map(sums)
  for (const { list, count } of lists) {
    const [kind, sender = ''] = list.split(/:(.*)/s)
    // Senders' addresses are counted in lower case.
    const key = sender.toLowerCase()
    if (kind === 'sender') all.set(key, { ...(all.get(key) ?? NOTHING), unsubscribed: count })
  }
  const rows = [...all].map(([sender, sum]) => ({ sender, ...sum }))
  return rows.sort((a, b) => volume(b) - volume(a))
}

function volume({ sent, excluded, failed }: Mailed): number {
  return sent + excluded + failed
}

const DAY_MS = 86_400_000

/** Fills in the days on which nothing happened, which a plot must not leave out. */
function withoutGaps<C extends object>(
  rows: readonly ({ day: string } & C)[],
  none: C,
): ({ day: string } & C)[] {
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return []
  const byDay = new Map(rows.map((row) => [row.day, row]))
  const count = (Date.parse(last.day) - Date.parse(first.day)) / DAY_MS + 1
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.parse(first.day) + index * DAY_MS).toISOString().slice(0, 10)
    return byDay.get(day) ?? { day, ...none }
  })
}
