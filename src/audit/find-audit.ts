import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { AuditEntry } from './audit.ts'

/** What is looked for in the record; what is left out is not asked for. */
export interface AuditFilter {
  siteId?: number | undefined
  /** A part of who did it, case aside. */
  actor?: string | undefined
  /** `filter.update`, or `filter` for everything that is done to one. */
  action?: string | undefined
  /** A part of what it was done to, case aside. */
  subject?: string | undefined
  /** UTC epoch milliseconds; `to` is the first moment after the period. */
  from?: number | undefined
  to?: number | undefined
}

export type StoredAuditEntry = AuditEntry & { id: number }

type Position = readonly [at: number, id: number]

const ROWS_PER_PAGE = 1_000

/** Newest first; those behind the last row of the page before. */
export async function findAudit(
  database: Database,
  { after, limit, ...filter }: AuditFilter & { after?: Position | undefined; limit: number },
): Promise<StoredAuditEntry[]> {
  const { siteId, actor, action, subject, from, to } = filter
  let rows = database.query
    .selectFrom('audit_entry')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (siteId !== undefined) rows = rows.where('site_id', '=', siteId)
  if (actor !== undefined) rows = rows.where(holds('actor', actor))
  if (subject !== undefined) rows = rows.where(holds('subject', subject))
  if (action !== undefined) {
    rows = rows.where(({ or, eb }) => or([eb('action', '=', action), startsWith(`${action}.`)]))
  }
  if (from !== undefined) rows = rows.where('at', '>=', from)
  // Where there is a position it must be the only upper bound: given both, SQLite seeks by the other.
  if (after) rows = rows.where(sql<boolean>`(at, id) < (${sql.join(after)})`)
  else if (to !== undefined) rows = rows.where('at', '<', to)
  const found = await database.read(rows)
  return found.map(({ site_id, detail_json, ...row }) => ({
    ...row,
    siteId: site_id,
    detail: JSON.parse(detail_json),
  }))
}

/** All of it, newest first, in pages of a statement each. */
export async function* readAudit(
  database: Database,
  filter: AuditFilter,
): AsyncGenerator<StoredAuditEntry[]> {
  for (let after: Position | undefined; ; ) {
    const found = await findAudit(database, { ...filter, after, limit: ROWS_PER_PAGE })
    const last = found.at(-1)
    if (!last) return
    yield found
    if (found.length < ROWS_PER_PAGE) return
    after = [last.at, last.id]
  }
}

function holds(column: 'actor' | 'subject', part: string): RawBuilder<boolean> {
  return sql<boolean>`lower(${sql.ref(column)}) like lower(${`%${escaped(part)}%`}) escape '\\'`
}

function startsWith(text: string): RawBuilder<boolean> {
  return sql<boolean>`action like ${`${escaped(text)}%`} escape '\\'`
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
