import { sql } from 'kysely'
import { invalid } from '../kernel/domain-error.ts'
import { decodeCursor, encodeCursor } from '../storage/cursor.ts'
import type { Database } from '../storage/database.ts'
import { isStorableText, rowSet } from '../storage/row-set.ts'
import type { List } from '../tenants/list.ts'
import { holdsPart } from './address-part.ts'
import { endOf, excludes, excludesSql } from './standing.ts'

/** `active` excludes now, `lapsed` did until its lifetime ended, `inactive` was resumed. */
type SuppressionState = 'active' | 'inactive' | 'lapsed'

export interface SuppressionSearch {
  lists: readonly Pick<List, 'id'>[]
  addressKey?: string | undefined
  /** A part of the address, case aside. */
  contains?: string | undefined
  state?: SuppressionState | undefined
  /** The period of the latest request, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
  now: number
  /** The `next` of the page before. */
  cursor?: string | undefined
  limit: number
}

export interface FoundSuppression {
  address: string
  listId: number
  reason: string
  /** Excludes now. */
  active: boolean
  since: number
  requestedAt: number
  /** When it stops excluding by itself; null is never. */
  expiresAt: number | null
  messageId: string | null
  source: string
}

export interface SuppressionPage {
  items: FoundSuppression[]
  /** The cursor of the next page; null when this is the last. */
  next: string | null
}

/** SQLite takes 500 selects in one statement. */
const MOST_LISTS_PER_READ = 100

const KEY = ['integer', 'text', 'integer'] as const
type Key = [requestedAt: number, addressKey: string, listId: number]
type Found = Awaited<ReturnType<typeof readPage>>[number]

const COLUMNS = [
  'address_key',
  'list_id',
  'address',
  'active',
  'since',
  'requested_at',
  'expires_at',
  'reason',
  'source',
  'message_id',
] as const

/**
 * Finds who is or was on the given lists, latest request first. Who was removed from a list is not on it and not found;
 * the timeline knows. Keyset pages: a row that existed throughout and was not renewed meanwhile appears exactly once.
 * Throws DomainError `invalid-value` for a cursor or a text that cannot be.
 */
export async function searchSuppressions(
  database: Database,
  search: SuppressionSearch,
): Promise<SuppressionPage> {
  if (!isStorableText(search.contains ?? ''))
    throw invalid('contains', 'must not hold NUL or half characters')
  const after = search.cursor === undefined ? undefined : decodeCursor(search.cursor, KEY)
  const listIds = search.lists.map(({ id }) => id)
  const found: Found[] = []
  for (let start = 0; start < listIds.length; start += MOST_LISTS_PER_READ) {
    const some = listIds.slice(start, start + MOST_LISTS_PER_READ)
    found.push(...(await readPage(database, some, search, after)))
  }
  if (listIds.length > MOST_LISTS_PER_READ) found.sort(byKeyDescending)
  const page = found.slice(0, search.limit)
  const last = page.at(-1)
  const next = last && found.length > page.length ? encodeCursor(keyOf(last)) : null
  return { items: page.map((row) => toFound(row, search.now)), next }
}

/** One row more than the page takes, so that its end is known. */
function readPage(
  database: Database,
  listIds: readonly number[],
  search: SuppressionSearch,
  after: Key | undefined,
) {
  const { addressKey, limit } = search
  const most = limit + 1
  const parts =
    addressKey === undefined
      ? listIds.map((id) => latestOf(database, id, search, after).limit(most))
      : [ofAddress(database, listIds, addressKey, search, after)]
  const [first, ...others] = parts.map((part) => database.query.selectFrom(part.as('part')).selectAll())
  if (!first) return Promise.resolve([])
  const all = others.reduce((union, part) => union.unionAll(part), first)
  return database.read(
    all.orderBy('requested_at', 'desc').orderBy('address_key', 'desc').orderBy('list_id', 'desc').limit(most),
  )
}

/** The rows of one list in the order of its index, so that a page costs as much as it holds. */
function latestOf(database: Database, listId: number, search: SuppressionSearch, after: Key | undefined) {
  let rows = matching(database, search, after).where('suppression.list_id', '=', listId)
  if (after) {
    const [requestedAt, addressKey, afterList] = after
    rows = rows.where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('suppression.requested_at', 'suppression.address_key'),
        listId < afterList ? '<=' : '<',
        tuple(requestedAt, addressKey),
      ),
    )
  }
  return rows.orderBy('suppression.requested_at', 'desc').orderBy('suppression.address_key', 'desc')
}

/** The rows of one address: as many seeks as there are lists. */
function ofAddress(
  database: Database,
  listIds: readonly number[],
  addressKey: string,
  search: SuppressionSearch,
  after: Key | undefined,
) {
  const wanted = rowSet(
    database,
    'wanted',
    { list_id: 'integer' },
    listIds.map((list_id) => ({ list_id })),
  )
  let rows = matching(database, search, after)
    .where('suppression.address_key', '=', addressKey)
    .where(sql<boolean>`suppression.list_id in (select list_id from ${wanted})`)
  if (after) {
    rows = rows.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('requested_at', 'address_key', 'list_id'), '<', tuple(...after)),
    )
  }
  return rows
}

function matching(
  database: Database,
  { contains, state, from, to, now }: SuppressionSearch,
  after: Key | undefined,
) {
  let rows = database.query
    .selectFrom('suppression')
    .select(COLUMNS)
    .select(({ selectFrom, ref }) =>
      selectFrom('list').select('lifetime_ms').where('id', '=', ref('suppression.list_id')).as('lifetime_ms'),
    )
    .where('removed', '=', 0)
  if (contains !== undefined) rows = rows.where(holdsPart(contains))
  if (from !== undefined) rows = rows.where('requested_at', '>=', from)
  // Where the cursor is the closer bound it must be the only one: given both, SQLite seeks by the other.
  const bound = after && after[0] < (to ?? 0) ? undefined : to
  if (bound !== undefined) rows = rows.where('requested_at', '<', bound)
  if (state === undefined) return rows
  if (state === 'inactive') return rows.where('active', '=', 0)
  return rows.where('active', '=', 1).where((eb) => {
    const excluded = excludesSql(eb, sql`${now}`)
    return state === 'active' ? excluded : sql<boolean>`not ${excluded}`
  })
}

function keyOf(row: Found): Key {
  return [row.requested_at, row.address_key, row.list_id]
}

/** Text as both engines order it: bytewise. */
function byKeyDescending(a: Found, b: Found): number {
  return (
    b.requested_at - a.requested_at ||
    Buffer.compare(Buffer.from(b.address_key), Buffer.from(a.address_key)) ||
    b.list_id - a.list_id
  )
}

function toFound(row: Found, now: number): FoundSuppression {
  const standing = {
    active: row.active === 1,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    lifetimeMs: row.lifetime_ms,
  }
  return {
    address: row.address,
    listId: row.list_id,
    reason: row.reason,
    active: excludes(standing, now),
    since: row.since,
    requestedAt: row.requested_at,
    expiresAt: endOf(standing),
    messageId: row.message_id,
    source: row.source,
  }
}
