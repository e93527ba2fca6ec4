import { sql } from 'kysely'
import { invalid } from '../../kernel/domain-error.ts'
import { decodeCursor, encodeCursor } from '../../storage/cursor.ts'
import type { Database } from '../../storage/database.ts'
import { isStorableText, rowSet } from '../../storage/row-set.ts'
import { endOf, excludes } from '../deciding/standing.ts'
import { holdsPart } from './address-part.ts'
import { byPlace, KEY_KINDS, type ListedKey, searchLists } from './search-lists.ts'
import { type FoundRow, inState, readable, type SuppressionSearch } from './search-rows.ts'

export interface FoundSuppression {
  address: string
  listId: number
  reason: string
  /** Excludes now. */
  active: boolean
  since: number
  requestedAt: number
  /** When it stops excluding by itself; null means never. */
  expiresAt: number | null
  messageId: string | null
  source: string
}

export interface SuppressionPage {
  items: FoundSuppression[]
  /** The cursor of the next page; null when this is the last. */
  next: string | null
  /**
   * Set when the page ended before it was full because enough had been looked at: the moment back to which all requests
   * were. Going on with `next` finds earlier ones. Null for a page that is full, or the last.
   */
  lookedBackTo: number | null
}

/**
 * Finds who is or was on the given lists, latest request first. Whoever was removed from a list is not on it and not
 * found; the timeline knows them. Keyset pages: a row that existed throughout and was not renewed meanwhile appears
 * exactly once. A page looks at a bounded number of rows, however few of them are wanted. Throws DomainError
 * `invalid-value` for an invalid cursor or text.
 */
export async function searchSuppressions(
  database: Database,
  search: SuppressionSearch,
): Promise<SuppressionPage> {
  if (!isStorableText(search.contains ?? ''))
    throw invalid('contains', 'must not hold NUL or half characters')
  const { addressKey, limit, now } = search
  const after = search.cursor === undefined ? undefined : decodeCursor(search.cursor, KEY_KINDS)
  const { rows, seenTo } =
    addressKey === undefined
      ? await searchLists(database, search, after)
      : { rows: await ofAddress(database, addressKey, search, after), seenTo: undefined }
  const page = rows.slice(0, limit)
  const items = page.map((row) => toFound(row, now))
  const last = page.at(-1)
  if (rows.length > limit && last) return { items, next: encodeCursor(keyOf(last)), lookedBackTo: null }
  return { items, next: seenTo ? encodeCursor(seenTo) : null, lookedBackTo: seenTo?.[0] ?? null }
}

/** The rows of one address: as many seeks as there are lists. */
async function ofAddress(
  database: Database,
  addressKey: string,
  search: SuppressionSearch,
  after: ListedKey | undefined,
): Promise<FoundRow[]> {
  const { lists, contains, from, to, limit } = search
  const ids = lists.map(({ id }) => ({ list_id: id }))
  if (ids.length === 0) return []
  const wanted = rowSet(database, 'wanted', { list_id: 'integer' }, ids)
  let rows = readable(database)
    .where('suppression.address_key', '=', addressKey)
    .where(sql<boolean>`suppression.list_id in (select list_id from ${wanted})`)
    .where((eb) => inState(eb, search))
  if (contains !== undefined) rows = rows.where(holdsPart(contains, 'suppression.address_key'))
  if (from !== undefined) rows = rows.where('suppression.requested_at', '>=', from)
  if (to !== undefined) rows = rows.where('suppression.requested_at', '<', to)
  if (after) {
    rows = rows.where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('suppression.requested_at', 'suppression.address_key', 'suppression.list_id'),
        '<',
        tuple(...after),
      ),
    )
  }
  const found = await database.read(rows.orderBy('suppression.requested_at', 'desc'))
  return found.toSorted((a, b) => byPlace(keyOf(a), keyOf(b))).slice(0, limit + 1)
}

function keyOf(row: FoundRow): ListedKey {
  return [row.requested_at, row.address_key, row.list_id]
}

function toFound(row: FoundRow, now: number): FoundSuppression {
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
