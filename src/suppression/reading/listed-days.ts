import type { Day } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { countListed, type ListedOnDay } from './count-listed.ts'

/** Little changes about days that are over: a late file, or somebody who asked again since. */
const REMEMBERED_MS = 10 * 60_000
const MOST_REMEMBERED = 1_000

/**
 * Counts as `countListed` does: the last of the days afresh, those before it as they were within the last 10 minutes.
 */
export type CountListedDays = (serviceId: number, days: readonly Day[]) => Promise<ListedOnDay[]>

/** Remembers counts, so that millions of requests are not counted again each time somebody looks. */
export function createCountListedDays(database: Database, clock: Clock): CountListedDays {
  const remembered = new Map<string, { until: number; counts: Promise<ListedOnDay[]> }>()

  const countFinished = (serviceId: number, days: readonly Day[]): Promise<ListedOnDay[]> => {
    const name = [serviceId, days[0]?.from, days.at(-1)?.to].join(' ')
    const known = remembered.get(name)
    if (known && clock() < known.until) return known.counts
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    const counts = countListed(database, serviceId, days)
    remembered.set(name, { until: clock() + REMEMBERED_MS, counts })
    counts.catch(() => remembered.delete(name))
    return counts
  }

  return async (serviceId, days) => {
    const [finished, latest] = await Promise.all([
      countFinished(serviceId, days.slice(0, -1)),
      countListed(database, serviceId, days.slice(-1)),
    ])
    return [...finished, ...latest]
  }
}
