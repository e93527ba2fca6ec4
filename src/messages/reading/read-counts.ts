import { sql } from 'kysely'
import { dayOf } from '../../kernel/calendar.ts'
import { invalid } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'

/** Calendar days of the service's zone (`YYYY-MM-DD`), both of them whole. */
export interface Days {
  from: string
  to: string
}

/** Either end may be left open. */
export type SomeDays = { [K in keyof Days]?: Days[K] | undefined }

export interface DayCount {
  day: string
  /** From, as an address key. */
  sender: string
  outcome: Outcome
  /** The list that excluded them; null for every other outcome. */
  listId: number | null
  count: number
}

type Outcome = Tables['day_count']['outcome']

/** How many messages met with each outcome on one day. */
export type DayTotal = { day: string } & Record<Outcome, number>

export type CountKey = [day: string, sender: string, outcome: string, listId: number]

const DEFAULT_DAYS = 31
const MOST_DAYS = 366

/** The period that is meant: the last 31 days unless given. Throws DomainError `invalid-value` for more than 366. */
export function daysOf({ from, to }: SomeDays, timeZone: string, now: number): Days {
  const last = Temporal.PlainDate.from(to ?? dayOf(now, timeZone))
  const first = from === undefined ? last.subtract({ days: DEFAULT_DAYS - 1 }) : Temporal.PlainDate.from(from)
  const days = first.until(last).days + 1
  if (days < 1) throw invalid('to', 'must not come before from')
  if (days > MOST_DAYS) throw invalid('from', `at most ${MOST_DAYS} days can be counted at a time`)
  return { from: first.toString(), to: last.toString() }
}

/** The counters of a service in the order of their keys, those after the given one. */
export async function readCounts(
  database: Database,
  serviceId: number,
  { from, to }: Days,
  { after, limit }: { after?: CountKey | undefined; limit: number },
): Promise<DayCount[]> {
  const rows = database.query
    .selectFrom('day_count')
    .select(['day', 'sender', 'outcome', 'list_id', 'count'])
    .where('service_id', '=', serviceId)
    .where('day', '<=', to)
    .where(
      after
        ? sql<boolean>`(day, sender, outcome, list_id) > (${sql.join(after)})`
        : sql<boolean>`day >= ${from}`,
    )
  const found = await database.read(
    rows.orderBy('day').orderBy('sender').orderBy('outcome').orderBy('list_id').limit(limit),
  )
  return found.map(({ list_id, ...row }) => ({ ...row, listId: list_id === 0 ? null : list_id }))
}

/** The key by which counts are grouped and paged; 0 stands for no list. */
export function countKey({ day, sender, outcome, listId }: DayCount): CountKey {
  return [day, sender, outcome, listId ?? 0]
}

/** The sums of each day over all senders; days without a message are left out. */
export async function readDayTotals(
  database: Database,
  serviceId: number,
  { from, to }: Days,
): Promise<DayTotal[]> {
  const rows = await database.read(
    database.query
      .selectFrom('day_count')
      .select(({ ref }) => ['day', 'outcome', sql<number>`cast(sum(${ref('count')}) as bigint)`.as('count')])
      .where('service_id', '=', serviceId)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .groupBy(['day', 'outcome'])
      .orderBy('day'),
  )
  const totals = new Map<string, DayTotal>()
  for (const { day, outcome, count } of rows) {
    const total = totals.get(day) ?? { day, ...NONE }
    totals.set(day, { ...total, [outcome]: count })
  }
  return [...totals.values()]
}

const NONE: Record<Outcome, number> = {
  accepted: 0,
  excluded: 0,
  sent: 0,
  kept: 0,
  failed: 0,
  cancelled: 0,
  bounced: 0,
  returned: 0,
  blamed: 0,
  complained: 0,
}
