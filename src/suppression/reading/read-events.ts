import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'
import type { List } from '../../tenants/list.ts'
import { holdsPart } from './address-part.ts'
import { type TimelineEvent, toEvent } from './timeline.ts'
import { inStretch, type Stretch, walk } from './walk.ts'

/** Which events a reader wants; conditions that are left out do not narrow. */
export interface EventFilter {
  kind?: TimelineEvent['kind'] | undefined
  reason?: string | undefined
  /** Part of the address, ignoring case. */
  contains?: string | undefined
  /** Which time the period bounds; that of the request unless given. */
  by?: 'requested' | 'recorded' | undefined
  /** The period, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
}

/**
 * Reads what happened to recipients on the given lists, list by list in the order of the requests, in pages. Events
 * never change, so each that existed throughout appears exactly once.
 */
export async function* readEvents(
  database: Database,
  lists: readonly Pick<List, 'id'>[],
  filter: EventFilter,
): AsyncGenerator<TimelineEvent[]> {
  for (const { id } of lists) {
    for await (const page of walk(eventsOf(database, id, filter))) yield page.map(toEvent)
  }
}

const KEY = ['requested_at', 'address_key', 'recorded_at'] as const

function eventsOf(
  database: Database,
  listId: number,
  { kind, reason, contains, by, ...period }: EventFilter,
) {
  const key = KEY.map((column) => sql.ref<string | number>(column))
  const rowsIn = (stretch: Stretch) =>
    database.query
      .selectFrom('event')
      .where('list_id', '=', listId)
      .where(inStretch(key, stretch, by === 'recorded' ? {} : period))
      .orderBy(sql`${sql.join(key)}`)
  return {
    keyAfter: async (after: Stretch['after'], places: number) => {
      const rows = rowsIn({ after, last: undefined }).select(KEY)
      const [row] = await database.read(rows.offset(places - 1).limit(1))
      return row && KEY.map((column) => row[column])
    },
    read: (stretch: Stretch, most: number) => {
      let rows = rowsIn(stretch).selectAll().limit(most)
      if (kind !== undefined) rows = rows.where('kind', '=', kind)
      if (reason !== undefined) rows = rows.where('reason', '=', reason)
      if (contains !== undefined) rows = rows.where(holdsPart(contains))
      // Uses no index: one more would cost every request and every row of an import, and this is read rarely.
      if (by === 'recorded' && period.from !== undefined) rows = rows.where('recorded_at', '>=', period.from)
      if (by === 'recorded' && period.to !== undefined) rows = rows.where('recorded_at', '<', period.to)
      return database.read(rows)
    },
    keyOf: (row: Tables['event']) => KEY.map((column) => row[column]),
  }
}
