import type { Days, DayTotal } from '../../messages/reading/read-counts.ts'
import { decodeFlag, decodeNumber } from './decode.ts'
import type { VendorRecord } from './encode.ts'
import { refused } from './errors.ts'
import type { Call, Operations } from './operation.ts'

/** How much mail there was on each day of a month, or in the month as a whole. */
export const STATISTICS: Operations = {
  'statistics/list': {
    scope: 'compositions',
    access: 'view',
    run: async (call) => {
      const month = decodeMonth(call)
      const isTotal = decodeFlag(call.params, 'total')
      const totals = await Promise.all(call.services.map((service) => call.parts.dayTotals(service, month)))
      const all = totals.flat()
      const last =
        call.services
          .map(({ timeZone }) => call.parts.today(timeZone))
          .toSorted()
          .at(-1) ?? ''
      const records = isTotal
        ? [toRecord('total', all)]
        : daysOf(month, last).map((day) =>
            toRecord(
              day,
              all.filter((total) => total.day === day),
            ),
          )
      return { kind: 'records', root: 'statistics', item: 'statistic', records }
    },
  },
}

function decodeMonth({ params }: Call): Days {
  const year = decodeNumber(params, 'year', { least: 1_000, most: 9_999 })
  if (year === undefined) throw refused('10-001', 'year')
  const month = decodeNumber(params, 'month', { least: 1, most: 12 })
  if (month === undefined) throw refused('10-001', 'month')
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  return { from: first.toString(), to: first.with({ day: first.daysInMonth }).toString() }
}

/** Those of the month that have begun. */
function daysOf({ from, to }: Days, last: string): string[] {
  const first = Temporal.PlainDate.from(from)
  const days = Array.from({ length: first.daysInMonth }, (_, ahead) => first.add({ days: ahead }).toString())
  return days.filter((day) => day <= to && day <= last)
}

/** Mail excluded by a list counts as blocked. */
function toRecord(date: string, totals: readonly DayTotal[]): VendorRecord {
  const sum = (of: (total: DayTotal) => number) => totals.reduce((all, total) => all + of(total), 0)
  return {
    date,
    queued: sum(({ accepted, excluded }) => accepted + excluded),
    succeeded: sum(({ sent }) => sent),
    failed: sum(({ failed }) => failed),
    blocked: sum(({ excluded }) => excluded),
    valid: sum(({ accepted }) => accepted),
  }
}
