import { type Compilable, sql } from 'kysely'
import type { Database, EngineName } from './database.ts'
import { UniqueViolation } from './database-errors.ts'
import type { ColumnTypes, Migration } from './migration.ts'
import { foundation } from './migrations/0001-foundation.ts'
import { gateway } from './migrations/0002-gateway.ts'
import { imports } from './migrations/0003-imports.ts'
import { exportFiles } from './migrations/0004-exports.ts'
import { errorCounts } from './migrations/0005-error-counts.ts'
import { people } from './migrations/0006-people.ts'
import { opaqueByTime } from './migrations/0007-opaque-by-time.ts'
import { customersMailCloud } from './migrations/0008-customers-mail-cloud.ts'
import { subscribers } from './migrations/0009-subscribers.ts'
import { copies } from './migrations/0010-copies.ts'
import { importParts } from './migrations/0011-import-parts.ts'
import { erasure } from './migrations/0012-erasure.ts'
import { inbound } from './migrations/0013-inbound.ts'
import { auditByTime } from './migrations/0014-audit-by-time.ts'
import { forms } from './migrations/0015-forms.ts'
import { operatorsReading } from './migrations/0016-operators-reading.ts'
import { apiUserKeys } from './migrations/0017-api-user-keys.ts'
import { servicePages } from './migrations/0018-service-pages.ts'
import { rejectReasons } from './migrations/0019-reject-reasons.ts'
import { inboundByOutcome } from './migrations/0020-inbound-by-outcome.ts'
import { agreements } from './migrations/0021-agreements.ts'
import { maskedImports } from './migrations/0022-masked-imports.ts'
import { partsOfEveryImport } from './migrations/0023-parts-of-every-import.ts'
import { erasures } from './migrations/0024-erasures.ts'
import { lapsedRequests } from './migrations/0025-lapsed-requests.ts'

const TYPES: Record<EngineName, ColumnTypes> = {
  sqlite: {
    text: 'text',
    integer: 'integer',
    bytes: 'blob',
    clustered: 'without rowid',
    uncompressed: () => [],
  },
  postgres: {
    text: 'text collate "C"',
    integer: 'bigint',
    bytes: 'bytea',
    clustered: '',
    uncompressed: (table, column) => [`alter table ${table} alter column ${column} set storage external`],
  },
}

/** Every migration, in order. Forward only; none is ever edited after a release. */
export const MIGRATIONS: readonly Migration[] = [
  foundation,
  gateway,
  imports,
  exportFiles,
  errorCounts,
  people,
  opaqueByTime,
  customersMailCloud,
  subscribers,
  copies,
  importParts,
  erasure,
  inbound,
  auditByTime,
  forms,
  operatorsReading,
  apiUserKeys,
  servicePages,
  rejectReasons,
  inboundByOutcome,
  agreements,
  maskedImports,
  partsOfEveryImport,
  erasures,
  lapsedRequests,
]

/** The schema of this release: its newest migration. */
export const SCHEMA = MIGRATIONS.at(-1)?.id ?? 0

/** Any number, the same in every process: the PostgreSQL advisory lock under which one process migrates. */
const LOCK = 5_810_058

export interface MigrationReport {
  applied: string[]
  /** The newest migration that the database now has. */
  version: number
}

/**
 * Brings the database to this release's schema, under a lock. Throws when a newer release has migrated it:
 * an old process must not write into a schema that it does not know.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationReport> {
  await database.transact([
    ...locked(database),
    raw(
      database,
      'create table if not exists schema_migration (id bigint primary key, name text not null, applied_at bigint not null)',
    ),
  ])
  const found = await newest(database)
  if (found > SCHEMA) {
    throw new Error(
      `the database has schema ${found}, this release knows ${SCHEMA}: run the release that migrated it`,
    )
  }
  const applied: string[] = []
  for (const migration of migrations.filter(({ id }) => id > found)) {
    if (await apply(database, migration)) applied.push(migration.name)
  }
  return { applied, version: migrations.at(-1)?.id ?? 0 }
}

/** The newest migration that the database has; 0 when it has none. */
export async function newest(database: Database): Promise<number> {
  const { query } = database
  const [row] = await database.read(
    query.selectFrom('schema_migration').select(({ fn }) => fn.max('id').as('id')),
  )
  return row?.id ?? 0
}

/** False when another process applied it while this one waited for the lock. */
async function apply(database: Database, migration: Migration): Promise<boolean> {
  const { id, name } = migration
  try {
    await database.transact([
      ...locked(database),
      database.query.insertInto('schema_migration').values({ id, name, applied_at: Date.now() }),
      ...migration.statements(TYPES[database.engine]).map((text) => raw(database, text)),
    ])
    return true
  } catch (error) {
    if (error instanceof UniqueViolation && (await newest(database)) >= id) return false
    throw error
  }
}

function raw(database: Database, text: string): Compilable {
  return { compile: () => sql.raw(text).compile(database.query) }
}

function locked(database: Database): Compilable[] {
  if (database.engine === 'sqlite') return []
  return [
    raw(database, 'set local statement_timeout = 0'),
    raw(database, 'set local lock_timeout = 0'),
    raw(database, `select pg_advisory_xact_lock(${LOCK})`),
  ]
}
