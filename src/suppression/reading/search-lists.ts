import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import { holdsPart } from './address-part.ts'
import { type FoundRow, inState, readable, type SuppressionSearch } from './search-rows.ts'

/** A row's position in the result: latest request first, then address and list, both descending. */
export type ListedKey = [requestedAt: number, addressKey: string, listId: number]

export const KEY_KINDS = ['integer', 'text', 'integer'] as const

/** SQLite takes 500 selects in one statement. */
const MOST_LISTS_PER_READ = 100
/** A page reads at most this many rows, each by its key, however few of them are in the wanted state. */
const MOST_ROWS_SEEN = 5_000
/** After this many, of which too few were wanted, it asks the index on resumed rows which keys to leave out. */
const MANY_UNWANTED = 500
/** A page compares at most this many keys of the indexes, which is far cheaper. */
const MOST_KEYS_SEEN = 100_000

export interface Seen {
  /** One more than the page takes, if there is one. */
  rows: FoundRow[]
  /** Where looking ended although there is more; undefined when there is no more. */
  seenTo: ListedKey | undefined
}

/**
 * Searches lists in the order of their index on requests: first keys, by the index alone, then the rows behind them. A
 * file that resumed half a million at once lies before everybody who is still on the list: those are skipped by their
 * keys.
 */
export async function searchLists(
  database: Database,
  search: SuppressionSearch,
  after: ListedKey | undefined,
): Promise<Seen> {
  const most = search.limit + 1
  const spans = await spansOf(database, search)
  const { contains, state } = search
  let floor = contains === undefined ? undefined : await floorOf(database, spans, search, after)
  const rows: FoundRow[] = []
  let seenTo = after
  let withoutResumed = false
  for (let seen = 0, wanted = most; seen < MOST_ROWS_SEEN; wanted = Math.min(2 * wanted, MOST_ROWS_SEEN)) {
    if (!withoutResumed && seen >= MANY_UNWANTED && (state === 'active' || state === 'expired')) {
      withoutResumed = true
      floor ??= await floorOf(database, spans, search, seenTo)
    }
    const keys = await readKeys(database, spans, {
      search,
      after: seenTo,
      floor,
      most: wanted,
      withoutResumed,
    })
    rows.push(...(await readRows(database, search, keys)))
    if (rows.length >= most) return { rows: rows.slice(0, most), seenTo: undefined }
    if (keys.length < wanted) return { rows, seenTo: floor }
    seen += keys.length
    seenTo = keys.at(-1)
  }
  return { rows, seenTo }
}

/** The part of a list that can hold what is looked for. */
interface Span {
  listId: number
  /** Of the latest request; `to` is the first moment after it. */
  from: number | undefined
  to: number | undefined
}

/**
 * When only the lifetime ends exclusions, active and expired rows lie in separate ranges of the index. Rows with an end
 * of their own may lie anywhere: then the whole list is looked through.
 */
async function spansOf(database: Database, search: SuppressionSearch): Promise<Span[]> {
  const { lists, state, from, to, now } = search
  if (state === undefined || state === 'resumed') return lists.map(({ id }) => ({ listId: id, from, to }))
  const ids = lists.map(({ id }) => ({ list_id: id }))
  const wanted = rowSet(database, 'wanted', { list_id: 'integer' }, ids)
  const found = await database.read(
    database.query
      .selectFrom(wanted)
      .innerJoin('list', 'list.id', 'wanted.list_id')
      .select(['list.id', 'list.lifetime_ms'])
      .select(
        sql<number>`case when exists (select 1 from suppression as s where s.list_id = list.id
          and s.expires_at is not null) then 1 else 0 end`.as('own_ends'),
      ),
  )
  return found.flatMap(({ id, lifetime_ms, own_ends }) => {
    const whole = { listId: id, from, to }
    if (own_ends === 1) return [whole]
    if (lifetime_ms === null) return state === 'active' ? [whole] : []
    const firstActive = now - lifetime_ms + 1
    return state === 'active'
      ? [{ ...whole, from: Math.max(from ?? firstActive, firstActive) }]
      : [{ ...whole, to: Math.min(to ?? firstActive, firstActive) }]
  })
}

/**
 * The key down to which a page may compare keys: each list gets its share of places further down, and the nearest of
 * these ends counts. Undefined when no list has that many left.
 */
async function floorOf(
  database: Database,
  spans: readonly Span[],
  search: SuppressionSearch,
  after: ListedKey | undefined,
): Promise<ListedKey | undefined> {
  const places = Math.max(1, Math.floor(MOST_KEYS_SEEN / spans.length))
  const ends = await unionOf(database, spans, (span) =>
    inOrder(between(database, span, search, { after, floor: undefined }))
      .offset(places - 1)
      .limit(1),
  )
  return ends.sort(byPlace)[0]
}

interface Wanted {
  search: SuppressionSearch
  after: ListedKey | undefined
  floor: ListedKey | undefined
  most: number
  /** Leaves out resumed rows. */
  withoutResumed: boolean
}

/** The next keys of all lists together, in their order. */
async function readKeys(
  database: Database,
  spans: readonly Span[],
  { search, after, floor, most, withoutResumed }: Wanted,
): Promise<ListedKey[]> {
  const { contains, state } = search
  const keys = await unionOf(database, spans, (span) => {
    const keysIn = (wanted: Pick<SuppressionSearch, 'state'>) => {
      const rows = between(database, span, wanted, { after, floor })
      return contains === undefined ? rows : rows.where(holdsPart(contains))
    }
    const all = keysIn({ state })
    // Two walks side by side: a planner that knows nothing of the resumed rows is not to be trusted with looking each
    // key up among them.
    return inOrder(withoutResumed ? all.except(keysIn({ state: 'resumed' })) : all).limit(most)
  })
  return keys.sort(byPlace).slice(0, most)
}

async function unionOf(
  database: Database,
  spans: readonly Span[],
  keysOf: (span: Span) => ReturnType<typeof between>,
): Promise<ListedKey[]> {
  const keys: ListedKey[] = []
  for (let start = 0; start < spans.length; start += MOST_LISTS_PER_READ) {
    const parts = spans
      .slice(start, start + MOST_LISTS_PER_READ)
      .map((span) => database.query.selectFrom(keysOf(span).as('part')).selectAll())
    const [first, ...others] = parts
    if (!first) continue
    const found = await database.read(others.reduce((union, part) => union.unionAll(part), first))
    keys.push(...found.map((row): ListedKey => [row.requested_at, row.address_key, row.list_id]))
  }
  return keys
}

/**
 * Keys of one list. Of two bounds on the same side only the closer one is used: given both, SQLite may seek by the
 * farther one.
 */
function between(
  { query }: Database,
  { listId, from, to }: Span,
  { state }: Pick<SuppressionSearch, 'state'>,
  { after, floor }: Pick<Wanted, 'after' | 'floor'>,
) {
  let rows = query
    .selectFrom('suppression')
    .select(['requested_at', 'address_key', 'list_id'])
    .where('list_id', '=', listId)
  // Word for word the condition of the partial index.
  if (state === 'resumed') rows = rows.where(sql<boolean>`active = 0`)
  const key = sql`(requested_at, address_key)`
  if (after && after[0] < (to ?? Number.POSITIVE_INFINITY)) {
    const [requestedAt, addressKey, afterList] = after
    const closer = sql.raw(listId < afterList ? '<=' : '<')
    rows = rows.where(sql<boolean>`${key} ${closer} (${requestedAt}, ${addressKey})`)
  } else if (to !== undefined) rows = rows.where('requested_at', '<', to)
  if (floor && floor[0] >= (from ?? Number.NEGATIVE_INFINITY)) {
    const [requestedAt, addressKey, floorList] = floor
    const closer = sql.raw(listId >= floorList ? '>=' : '>')
    rows = rows.where(sql<boolean>`${key} ${closer} (${requestedAt}, ${addressKey})`)
  } else if (from !== undefined) rows = rows.where('requested_at', '>=', from)
  return rows
}

function inOrder(rows: ReturnType<typeof between>) {
  return rows.orderBy('requested_at', 'desc').orderBy('address_key', 'desc')
}

const KEY_COLUMNS = { requested_at: 'integer', address_key: 'text', list_id: 'integer' } as const

/** The rows of these keys that are wanted. One that was renewed meanwhile has moved elsewhere. */
async function readRows(
  database: Database,
  search: SuppressionSearch,
  keys: readonly ListedKey[],
): Promise<FoundRow[]> {
  if (keys.length === 0) return []
  const rows = keys.map(([requested_at, address_key, list_id]) => ({ requested_at, address_key, list_id }))
  const given = rowSet(database, 'given', KEY_COLUMNS, rows)
  // Seeks by address: `+ 0` rules the other indexes out, which PostgreSQL would choose before a table's first
  // statistics.
  const found = await database.read(
    readable(database)
      .where(
        sql<boolean>`(suppression.address_key, suppression.list_id + 0, suppression.requested_at + 0) in
          (select address_key, list_id, requested_at from ${given})`,
      )
      .where((eb) => inState(eb, search)),
  )
  return found.toSorted((a, b) => byPlace(keyOf(a), keyOf(b)))
}

function keyOf(row: FoundRow): ListedKey {
  return [row.requested_at, row.address_key, row.list_id]
}

/** Compares text as both engines do, bytewise. */
export function byPlace(a: ListedKey, b: ListedKey): number {
  return b[0] - a[0] || Buffer.compare(Buffer.from(b[1]), Buffer.from(a[1])) || b[2] - a[2]
}
