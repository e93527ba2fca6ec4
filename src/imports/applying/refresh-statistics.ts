import { type Compilable, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'

/** After this many changes PostgreSQL's statistics no longer describe the tables. */
const MANY_CHANGES = 50_000

/**
 * Refreshes PostgreSQL's statistics of the tables that an import has filled, rather than leave that to autovacuum,
 * which comes up to a minute later or may be turned off. Reads a sample, for less than a second. On SQLite every
 * statement is written so that its plan does not depend on statistics, and none are kept.
 */
export async function refreshStatistics(database: Database, changes: number): Promise<void> {
  if (database.engine === 'sqlite' || changes < MANY_CHANGES) return
  for (const table of ['suppression', 'event'] as const) {
    const analyze = sql`analyze ${sql.table(table)}`
    const statement: Compilable = { compile: () => analyze.compile(database.query) }
    await database.transact([statement])
  }
}
