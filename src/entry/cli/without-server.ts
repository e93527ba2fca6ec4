import { mkdir } from 'node:fs/promises'
import { secretKeysFile } from '../../config/secret-keys-file.ts'
import { type Config, toConfig } from '../../config/to-config.ts'
import { checkBackup, type RestoreReport, restore } from '../../storage/backup/restore.ts'
import { lockDataDirectory } from '../../storage/data-lock.ts'
import type { Database, EngineName } from '../../storage/database.ts'
import { type MigrationReport, migrate } from '../../storage/migrate.ts'
import { openDatabase } from '../../storage/open-database.ts'

/*
 * What must not, or cannot, go through a server, since it works on a database that no server of this release could
 * open.
 */

/** Rejects with DataDirectoryInUse while a server runs on SQLite; PostgreSQL is migrated whoever else works on it. */
export async function migrateHere(env: NodeJS.ProcessEnv): Promise<MigrationReport & { engine: EngineName }> {
  const config = toConfig(env)
  if (config.database.kind === 'sqlite') return alone(config, migrateDatabase)
  return withDatabase(config, migrateDatabase)
}

/** Rejects with RestoreRefused before it creates anything, and with DataDirectoryInUse while a server runs. */
export async function restoreHere(
  env: NodeJS.ProcessEnv,
  directory: string,
  onProgress: (table: string, rows: number) => void,
): Promise<RestoreReport> {
  const config = toConfig(env)
  const manifest = await checkBackup(directory)
  return alone(config, async (database) => {
    await migrate(database)
    const keysFile = config.secretKeys ? undefined : secretKeysFile(config.dataDir)
    return restore({ directory, manifest, database, secretKeysFile: keysFile, onProgress })
  })
}

async function migrateDatabase(database: Database) {
  return { engine: database.engine, ...(await migrate(database)) }
}

async function alone<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const lock = lockDataDirectory(config.dataDir)
  try {
    return await withDatabase(config, work)
  } finally {
    lock.release()
  }
}

async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(config.database)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
