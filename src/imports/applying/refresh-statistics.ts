import { type Compilable, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'

/** From how many changes on a list is no longer what PostgreSQL believes it to be. */
const MANY_CHANGES = 50_000

/**
 * Refreshes what PostgreSQL knows of the tables that an import has filled, rather than leave that to autovacuum, which comes
 * within a minute or is turned off. Reads a sample, for less than a second. On SQLite every statement is written so that
 * the plan is the same without statistics, and none are kept.
 */
export async function refreshStatistics(database: Database, changes: number): Promise<void> {
  if (database.engine === 'sqlite' || changes < MANY_CHANGES) return
  for (const table of ['suppression', 'event'] as const) {
    const analyze = sql`analyze ${sql.table(table)}`
    const statement: Compilable = { compile: () => analyze.compile(database.query) }
    await database.transact([statement])
  }
}
