import type { DayTotal } from './read-counts.ts'

/** Outcomes that should not become much more frequent than usual. */
const BAD = ['failed', 'bounced', 'returned', 'blamed', 'complained'] as const

export interface Peak {
  day: string
  outcome: (typeof BAD)[number]
  count: number
  /** The average of the days before. */
  usual: number
}

/** Fewer than this mean nothing, however few there were before. */
const LEAST = 20
/** A peak is this many times the usual number. */
const STEEP = 3

/**
 * Outcomes for which one of the two latest days stands out from those before it. `totals` are those of consecutive
 * days; days on which nothing happened may be missing. `days` names all of them in order, the latest last.
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
