import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { type Bounds, type ScanPage, scanPage, within } from '../storage/keyset-scan.ts'
import { beginsWith, holds } from '../storage/like.ts'
import type { AuditEntry } from './audit.ts'

/** What to look for in the record; conditions that are left out do not narrow the search. */
export interface AuditFilter {
  siteId?: number | undefined
  /** Part of the name of whoever did it, ignoring case. */
  actor?: string | undefined
  /** `filter.update`, or `filter` for every action on filters. */
  action?: string | undefined
  /** Part of the name of what it was done to, ignoring case. */
  subject?: string | undefined
  /** UTC epoch milliseconds; `to` is the first moment after the period. */
  from?: number | undefined
  to?: number | undefined
}

export type StoredAuditEntry = AuditEntry & { id: number }

const ROWS_PER_PAGE = 1_000

const KEY = ['at', 'id'] as const
const IGNORING_CASE = { ignoreCase: true }

/**
 * One page, newest first, as `scanPage` gives it: it looks at a bounded number of entries. Throws DomainError
 * `invalid-value` for an invalid cursor.
 */
export function searchAudit(
  database: Database,
  { cursor, limit, ...filter }: AuditFilter & { cursor?: string | undefined; limit: number },
): Promise<ScanPage<StoredAuditEntry>> {
  const { actor, action, subject } = filter
  return scanPage({
    keyLength: KEY.length,
    selective: [actor, action, subject].some((given) => given !== undefined),
    cursor,
    limit,
    keyAfter: async (after, places) => {
      const rows = alongIndex(database, filter, { after, floor: undefined })
      const [row] = await database.read(rows.select(KEY).limit(1).offset(places))
      return row && [row.at, row.id]
    },
    read: (bounds, most) => findAudit(database, { ...filter, ...bounds, limit: most }),
    keyOf: ({ at, id }) => [at, id],
  })
}

/** Everything between the bounds, newest first, read from the index alone. */
function alongIndex({ query }: Database, { siteId, from, to }: AuditFilter, bounds: Bounds) {
  const key = KEY.map((column) => sql.ref<number>(column))
  const rows = query
    .selectFrom('audit_entry')
    .where(within(key, bounds, { from, to }))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
  return siteId === undefined ? rows : rows.where('site_id', '=', siteId)
}

/** Newest first, within bounds where they are given. */
export async function findAudit(
  database: Database,
  { after, floor, limit, ...filter }: AuditFilter & Partial<Bounds> & { limit: number },
): Promise<StoredAuditEntry[]> {
  const { actor, action, subject } = filter
  let rows = alongIndex(database, filter, { after, floor }).selectAll().limit(limit)
  if (actor !== undefined) rows = rows.where(holds(sql.ref('actor'), actor, IGNORING_CASE))
  if (subject !== undefined) rows = rows.where(holds(sql.ref('subject'), subject, IGNORING_CASE))
  if (action !== undefined) {
    rows = rows.where(({ or, eb }) =>
      or([eb('action', '=', action), beginsWith(sql.ref('action'), `${action}.`)]),
    )
  }
  const found = await database.read(rows)
  return found.map(({ site_id, detail_json, ...row }) => ({
    ...row,
    siteId: site_id,
    detail: JSON.parse(detail_json),
  }))
}

/** All of it, newest first, in pages that look at a bounded number of entries each. */
export async function* readAudit(
  database: Database,
  filter: AuditFilter,
): AsyncGenerator<StoredAuditEntry[]> {
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await searchAudit(database, { ...filter, cursor, limit: ROWS_PER_PAGE })
    if (items.length > 0) yield items
    if (next === null) return
    cursor = next
  }
}
