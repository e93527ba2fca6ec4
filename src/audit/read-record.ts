import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { AuditEntry } from './audit.ts'

const ROWS_PER_PAGE = 1_000

/** A site's record of a period, newest first, in pages of a statement each. `to` is the first moment after the period. */
export async function* readRecord(
  database: Database,
  { siteId, from, to }: { siteId: number; from: number; to: number },
): AsyncGenerator<(AuditEntry & { id: number })[]> {
  for (let last: readonly [at: number, id: number] | undefined; ; ) {
    const rows = database.query
      .selectFrom('audit_entry')
      .selectAll()
      .where('site_id', '=', siteId)
      .where('at', '>=', from)
      .where(last ? sql<boolean>`(at, id) < (${sql.join(last)})` : sql<boolean>`at < ${to}`)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(ROWS_PER_PAGE)
    const found = await database.read(rows)
    const final = found.at(-1)
    if (!final) return
    yield found.map(({ site_id, detail_json, ...row }) => ({
      ...row,
      siteId: site_id,
      detail: JSON.parse(detail_json),
    }))
    if (found.length < ROWS_PER_PAGE) return
    last = [final.at, final.id]
  }
}
