import type { Database, DatabaseTarget } from './database.ts'
import { openPostgres } from './postgres/open-postgres.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'

/** Opens the database that the target names. Does not migrate it: see migrate.ts. */
export function openDatabase(target: DatabaseTarget): Promise<Database> {
  return target.kind === 'sqlite' ? openSqlite(target.file) : openPostgres(target.url)
}
