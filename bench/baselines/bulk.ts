import type { Bulk } from '../support/bulk.ts'
import type { Installation } from '../support/installation.ts'
import { bulkPostgres } from './bulk-postgres.ts'
import { bulkSqlite } from './bulk-sqlite.ts'

export function bulkOf(installation: Installation): Bulk {
  const { databaseUrl } = installation
  return databaseUrl === undefined ? bulkSqlite(installation) : bulkPostgres(databaseUrl)
}
