import { type RawBuilder, sql } from 'kysely'
import type { Day } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { type RowOf, rowSet } from '../../storage/row-set.ts'
import type { List } from '../../tenants/list.ts'
import { type ListedRecipient, type ListFilter, readAlong } from './read-list.ts'

type Lapsing = Pick<List, 'id' | 'lifetimeMs'>

/**
 * Reads, list by list, who is excluded now and will become deliverable by themselves before `until` (epoch
 * milliseconds): first those whose exclusion ends with the list's lifetime, then those with an end of their own, the
 * soonest first. When the time asked for is longer than a list's lifetime, everybody on it lapses, and the list is read
 * in the order of its addresses: otherwise anybody renewed meanwhile would come twice.
 */
export async function* readExpiring(
  database: Database,
  lists: readonly Lapsing[],
  { until, ...filter }: Pick<ListFilter, 'reason' | 'contains'> & { until: number },
  clock: Clock,
): AsyncGenerator<ListedRecipient[]> {
  const now = clock()
  for (const { id, lifetimeMs } of lists) {
    const wanted = { ...filter, state: 'active' } as const
    if (lifetimeMs !== null) {
      const { from, to } = requestsEnding(lifetimeMs, { from: now + 1, to: until })
      const order = to <= now ? 'request' : 'address'
      yield* readAlong(database, id, { order, filter: { ...wanted, from, to }, end: 'lifetime' }, clock)
    }
    yield* readAlong(
      database,
      id,
      { order: 'end', filter: wanted, ends: { from: now + 1, to: until } },
      clock,
    )
  }
}

export interface ExpiringCount {
  listId: number
  day: string
  count: number
  /** True when there are more than were counted. */
  isMore: boolean
}

/**
 * Counts, by list and day, how many become deliverable by themselves; days on which nobody does are left out. At most
 * `most` requests of a list and day are looked at. They are counted by indexes alone; those made deliverable since are
 * subtracted.
 */
export async function countExpiring(
  database: Database,
  lists: readonly Lapsing[],
  days: readonly Day[],
  most?: number,
): Promise<ExpiringCount[]> {
  const counts: ExpiringCount[] = []
  for (const { id, lifetimeMs } of lists) {
    const spans = days.map(({ day, from, to }) => {
      const requests = lifetimeMs === null ? { from: 0, to: 0 } : requestsEnding(lifetimeMs, { from, to })
      return { day, begins: from, ends: to, asked_from: requests.from, asked_to: requests.to }
    })
    for (const { day, asked, others, ended } of await database.read(countsOf(database, id, spans, most))) {
      const count = Math.max(0, asked - others) + ended
      if (count > 0) counts.push({ day, listId: id, count, isMore: most !== undefined && asked >= most })
    }
  }
  return counts
}

function countsOf(database: Database, listId: number, spans: readonly Span[], most: number | undefined) {
  const ofList = sql`from suppression where list_id = ${listId}`
  const asked = sql`requested_at >= asked_from and requested_at < asked_to`
  const limit = most === undefined ? sql`` : sql`limit ${most}`
  const count = (rows: RawBuilder<unknown>) => sql<number>`(select count(*) from (select 1 ${rows}) as part)`
  const inactive = count(sql`${ofList} and active = 0 and ${asked}`)
  // Word for word the condition of the partial index, which is not used otherwise.
  const withOwnEnd = sql`${ofList} and expires_at is not null and active = 1`
  return database.query
    .selectFrom(rowSet(database, 'span', SPAN, spans))
    .select([
      sql<string>`day`.as('day'),
      count(sql`${ofList} and ${asked} ${limit}`).as('asked'),
      sql<number>`${inactive} + ${count(sql`${withOwnEnd} and requested_at + 0 >= asked_from and requested_at + 0 < asked_to`)}`.as(
        'others',
      ),
      count(sql`${withOwnEnd} and expires_at >= begins and expires_at < ends`).as('ended'),
    ])
    .orderBy('day')
}

const SPAN = {
  day: 'text',
  begins: 'integer',
  ends: 'integer',
  asked_from: 'integer',
  asked_to: 'integer',
} as const

type Span = RowOf<typeof SPAN>

/** The period of the requests whose lifetime ends in the given period. */
function requestsEnding(lifetimeMs: number, ends: { from: number; to: number }) {
  return { from: ends.from - lifetimeMs, to: ends.to - lifetimeMs }
}
