import { sql } from 'kysely'
import { boundsOfDay, dayOf } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { sameList } from '../changing/same-list.ts'
import { excludesSql } from '../deciding/standing.ts'

/** A recipient's request to stop, as arara's one-click export counts them: one per address, list and calendar day. */
export interface StopRequest {
  listId: number
  address: string
  addressKey: string
  messageId: string | null
  requestedAt: number
  /** Excluded now; 配信フラグ is its opposite. */
  excluded: boolean
}

export interface RequestPeriod {
  listIds: readonly number[]
  /** Epoch milliseconds; `to` is the first moment after the period. */
  from: number
  to: number
  /** The IANA zone whose calendar days count. */
  timeZone: string
  /** False when these lists hold no mail back: then nobody counts as excluded by them. */
  automaticExclusion: boolean
  /** The last row that the reader has already; it is of the first of the lists. */
  after?: StopPosition | undefined
}

type StopPosition = [requestedAt: number, addressKey: string]

/** As in walk.ts: larger pages outlive a garbage collection. */
const MOST_ROWS_PER_PAGE = 1_000

const COLUMNS = [
  ['address_key', 'text'],
  ['address', 'text'],
  ['message_id', 'text'],
  ['requested_at', 'integer'],
  ['excluded', 'integer'],
] as const

/**
 * Reads who asked to stop in a period, list by list in the order of the requests, in pages of at most 1,000 rows.
 *
 * Of several requests by one address on one day it gives the one that was recorded first: from that moment the
 * recipient was owed silence, and it stays the first whatever is recorded later. So keyset pages give every row that
 * existed throughout exactly once, without holding a snapshot for a slow reader. Requests from before a recipient's
 * last removal from the list are left out.
 */
export async function* readStopRequests(
  database: Database,
  { listIds, from, to, timeZone, automaticExclusion, after }: RequestPeriod,
  clock: Clock,
): AsyncGenerator<StopRequest[]> {
  let known = after
  for (const listId of listIds) {
    let next = known ? known[0] : await firstRequest(database, listId, from, to)
    while (next !== undefined) {
      const day = boundsOfDay(dayOf(next, timeZone), timeZone)
      const part = { from: Math.max(from, day.from), to: Math.min(to, day.to) }
      for await (const page of pagesOf(database, listId, part, clock, known)) {
        yield automaticExclusion ? page : page.map((row) => ({ ...row, excluded: false }))
      }
      known = undefined
      next = await firstRequest(database, listId, part.to, to)
    }
  }
}

interface Span {
  from: number
  to: number
}

async function* pagesOf(
  database: Database,
  listId: number,
  span: Span,
  clock: Clock,
  known: StopPosition | undefined,
): AsyncGenerator<StopRequest[]> {
  let after = known
  for (;;) {
    const found = await database.readCells(page(database, listId, span, after, clock()), COLUMNS)
    const rows = found.map(([addressKey, address, messageId, requestedAt, excluded]) => ({
      ...{ listId, address, addressKey, messageId, requestedAt },
      excluded: excluded === 1,
    }))
    const last = rows.at(-1)
    if (!last) return
    yield rows
    if (rows.length < MOST_ROWS_PER_PAGE) return
    after = [last.requestedAt, last.addressKey]
  }
}

/** When the first request in the span was made, so that days without any are skipped. */
async function firstRequest(
  database: Database,
  listId: number,
  from: number,
  to: number,
): Promise<number | undefined> {
  const [row] = await database.read(
    requestsIn(database, listId, to)
      .select('requested_at')
      .where('event.requested_at', '>=', from)
      .orderBy('requested_at')
      .limit(1),
  )
  return row?.requested_at
}

function page(database: Database, listId: number, span: Span, after: StopPosition | undefined, now: number) {
  const ofSameRecipient = sql<boolean>`e.address_key = event.address_key and ${sameList('e', 'event')}`
  const lastRemoval = sql`(select coalesce(max(e.recorded_at), 0) from event as e
    where ${ofSameRecipient} and e.kind = 'remove')`
  const firstOfDay = sql<number>`(select min(e.recorded_at) from event as e
    where ${ofSameRecipient} and e.kind = 'stop' and e.reason = 'unsubscribed' and e.recorded_at > ${lastRemoval}
    and e.requested_at >= ${span.from} and e.requested_at < ${span.to})`
  return (
    requestsIn(database, listId, span.to)
      .leftJoin('suppression', (join) =>
        join.onRef('suppression.address_key', '=', 'event.address_key').on(sameList('suppression', 'event')),
      )
      .where('event.recorded_at', '=', firstOfDay)
      // Only one lower bound: given two, SQLite seeks by the farther one and reads the pages before this one again.
      .where(({ eb, refTuple, tuple }) =>
        after
          ? eb(refTuple('event.requested_at', 'event.address_key'), '>', tuple(...after))
          : eb('event.requested_at', '>=', span.from),
      )
      .select((eb) => [
        'event.address_key',
        'event.address',
        'event.message_id',
        'event.requested_at',
        sql<0 | 1>`case when ${excludesSql(eb, sql`${now}`)} then 1 else 0 end`.as('excluded'),
      ])
      .orderBy('event.requested_at')
      .orderBy('event.address_key')
      .limit(MOST_ROWS_PER_PAGE)
  )
}

function requestsIn(database: Database, listId: number, to: number) {
  return database.query
    .selectFrom('event')
    .where('event.list_id', '=', listId)
    .where('event.requested_at', '<', to)
    .where('event.kind', '=', 'stop')
    .where('event.reason', '=', 'unsubscribed')
}
