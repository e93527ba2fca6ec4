import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { makeTempDir } from './temp-dir.ts'

let template: Promise<Buffer> | undefined

/**
 * Puts a database with this release's schema where `file` says, for tests that do not look at how it comes about: a copy of one that was
 * migrated once, by this process or, as `KAIJO_TEST_SQLITE_TEMPLATE` tells, for the whole run. To make the schema takes longer than most tests.
 */
export async function putMigratedSqlite(file: string): Promise<void> {
  const made = process.env['KAIJO_TEST_SQLITE_TEMPLATE']
  template ??= made === undefined ? makeSqliteTemplate() : readFile(made)
  await writeFile(file, await template, { mode: 0o600 })
}

/** Makes the database that is copied; answers its file. */
export async function makeSqliteTemplate(): Promise<Buffer> {
  const { dir, remove } = makeTempDir()
  const file = join(dir, 'kaijo.db')
  const database = await openDatabase({ kind: 'sqlite', file })
  await migrate(database)
  // The log goes into the file.
  await database.close()
  const content = await readFile(file)
  await remove()
  return content
}
