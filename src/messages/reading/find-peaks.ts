import type { DayTotal } from './read-counts.ts'

/** What a service's mail should not meet with much more often than it does. */
const BAD = ['failed', 'bounced', 'returned', 'blamed', 'complained'] as const

export interface Peak {
  day: string
  outcome: (typeof BAD)[number]
  count: number
  /** Of a day, on the average of those before. */
  usual: number
}

/** Fewer say nothing, however few there were before. */
const LEAST = 20
/** So many times what is usual. */
const STEEP = 3

/**
 * Where one of the two latest days stands out from those before it. `totals` are of days in a row; those on which nothing happened
 * may be missing. `days` names all of them in order, the latest last.
 */
export function findPeaks(totals: readonly DayTotal[], days: readonly string[]): Peak[] {
  const byDay = new Map(totals.map((total) => [total.day, total]))
  const latest = days.slice(-2)
  const before = days.slice(0, -2)
  return latest.flatMap((day) =>
    BAD.flatMap((outcome) => {
      const count = byDay.get(day)?.[outcome] ?? 0
      const sum = before.reduce((all, earlier) => all + (byDay.get(earlier)?.[outcome] ?? 0), 0)
      const usual = before.length === 0 ? 0 : Math.round(sum / before.length)
      return count >= LEAST && count >= STEEP * usual ? [{ day, outcome, count, usual }] : []
    }),
  )
}
