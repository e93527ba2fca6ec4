import { type RawBuilder, sql } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'
import type { List } from '../../tenants/list.ts'
import { endOf, excludesSql, stateOf } from '../deciding/standing.ts'
import type { SuppressionState } from '../deciding/suppression-state.ts'
import { holdsPart } from './address-part.ts'
import { inStretch, type Stretch, walk } from './walk.ts'

/** Whom of a list a reader wants; conditions that are left out do not narrow. */
export interface ListFilter {
  state?: SuppressionState | undefined
  reason?: string | undefined
  /** Part of the address, ignoring case. */
  contains?: string | undefined
  /** The period of the latest request, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
  /** The period in which the exclusion began, in the same form; a repeated request does not move its beginning. */
  begun?: { from?: number; to?: number } | undefined
}

export interface ListedRecipient {
  listId: number
  addressKey: string
  address: string
  state: SuppressionState
  reason: string
  since: number
  requestedAt: number
  /** When it stops excluding by itself; null means never. */
  expiresAt: number | null
  source: string
  messageId: string | null
}

interface Reading {
  /** Which of the list's indexes to read along. */
  order: 'address' | 'request' | 'end'
  filter: ListFilter
  /** Leaves out rows with an end of their own, which overrides the lifetime. */
  end?: 'lifetime'
  /** The period of the end, where that is the order. */
  ends?: { from: number; to: number }
}

type Order = Reading['order']
type Row = Tables['suppression']

const KEYS = {
  address: ['address_key'],
  request: ['requested_at', 'address_key'],
  end: ['expires_at', 'address_key'],
} as const satisfies Record<Order, readonly (keyof Row)[]>

const KEY_OF: Record<Order, (row: ListedRecipient) => (string | number)[]> = {
  address: ({ addressKey }) => [addressKey],
  request: ({ requestedAt, addressKey }) => [requestedAt, addressKey],
  end: ({ expiresAt, addressKey }) => [expiresAt as number, addressKey],
}

const COLUMNS = [
  ['address_key', 'text'],
  ['active', 'integer'],
  ['since', 'integer'],
  ['requested_at', 'integer'],
  ['expires_at', 'integer'],
  ['reason', 'text'],
  ['source', 'text'],
  ['message_id', 'text'],
  ['spelling', 'text'],
  ['lifetime_ms', 'integer'],
] as const

/**
 * Reads who is or was on the given lists, list by list, in pages; states are those at the moment when a page is read.
 * Whoever was removed from a list is not on it. A row that existed throughout appears exactly once, whatever happens to
 * it, since a list is read in the order of its addresses. A period that is over is read in the order of its requests:
 * whoever is renewed meanwhile leaves it.
 */
export async function* readLists(
  database: Database,
  lists: readonly Pick<List, 'id'>[],
  filter: ListFilter,
  clock: Clock,
): AsyncGenerator<ListedRecipient[]> {
  const order = filter.to !== undefined && filter.to <= clock() ? 'request' : 'address'
  for (const { id } of lists) yield* readAlong(database, id, { order, filter }, clock)
}

/** Reads one list along one of its indexes, in pages. */
export function readAlong(
  database: Database,
  listId: number,
  reading: Reading,
  clock: Clock,
): AsyncGenerator<ListedRecipient[]> {
  const { order, filter, ends } = reading
  const { from, to } = filter
  const key = KEYS[order].map((column) => sql.ref<string | number>(column))
  const period = { address: undefined, request: { from, to }, end: ends }[order]
  const lifetime = sql<number | null>`(select lifetime_ms from list where id = ${listId})`
  const rowsIn = (stretch: Stretch) => {
    const rows = database.query
      .selectFrom('suppression')
      .where('list_id', '=', listId)
      .where(inStretch(key, stretch, period))
      .orderBy(sql`${sql.join(key)}`)
    // Word for word the condition of the partial index, which is not used otherwise.
    return order === 'end' ? rows.where('expires_at', 'is not', null) : rows
  }
  return walk({
    keyAfter: async (after, places) => {
      const rows = rowsIn({ after, last: undefined }).select(KEYS[order])
      const [row] = await database.read(rows.offset(places - 1).limit(1))
      return row && (Object.values(row) as (string | number)[])
    },
    read: async (stretch, most) => {
      const now = clock()
      const rows = rowsIn(stretch)
        .where('removed', '=', 0)
        .where((eb) => wanted(reading, excludesSql(eb, sql`${now}`, lifetime)))
        .select([
          'address_key',
          'active',
          'since',
          'requested_at',
          'expires_at',
          'reason',
          'source',
          'message_id',
        ])
        .select([SPELLING.as('spelling'), lifetime.as('lifetime_ms')])
        .limit(most)
      const found = await database.readCells(rows, COLUMNS)
      return found.map((cells) => toListed(cells, listId, now))
    },
    keyOf: KEY_OF[order],
  })
}

function wanted({ order, filter, end }: Reading, excluded: RawBuilder<boolean>): RawBuilder<boolean> {
  const { state, reason, contains, from, to, begun } = filter
  // `+ 0` rules out the index on requests, with which each page would sort all of the period.
  const requestedAt = sql`requested_at + 0`
  const conditions = [
    state === 'active' && excluded,
    state === 'expired' && sql`active = 1 and not ${excluded}`,
    // For the order of addresses PostgreSQL would otherwise go through all resumed rows, and sort them, for each page.
    state === 'resumed' && (order === 'request' ? sql`active = 0` : sql`active + 0 = 0`),
    reason !== undefined && sql`reason = ${reason}`,
    contains !== undefined && holdsPart(contains),
    order !== 'request' && from !== undefined && sql`${requestedAt} >= ${from}`,
    order !== 'request' && to !== undefined && sql`${requestedAt} < ${to}`,
    end === 'lifetime' && sql`expires_at is null`,
    begun?.from !== undefined && sql`since >= ${begun.from}`,
    begun?.to !== undefined && sql`since < ${begun.to}`,
  ].filter((condition) => condition !== false)
  return conditions.length === 0 ? sql`1 = 1` : sql`(${sql.join(conditions, sql` and `)})`
}

/** Null where the address equals its key, as most do. */
const SPELLING = sql<string | null>`nullif(address, address_key)`

type Found = readonly [
  addressKey: string,
  active: Row['active'],
  since: number,
  requestedAt: number,
  expiresAt: number | null,
  reason: string,
  source: string,
  messageId: string | null,
  spelling: string | null,
  lifetimeMs: number | null,
]

function toListed(row: Found, listId: number, now: number): ListedRecipient {
  const [addressKey, active, since, requestedAt, expiresAt, reason, source, messageId, spelling, lifetimeMs] =
    row
  const standing = { active: active === 1, requestedAt, expiresAt, lifetimeMs }
  return {
    listId,
    addressKey,
    address: spelling ?? addressKey,
    state: stateOf(standing, now),
    reason,
    since,
    requestedAt,
    expiresAt: endOf(standing),
    source,
    messageId,
  }
}
