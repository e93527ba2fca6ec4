import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareBrowser } from './browser.ts'
import { createTemplate } from './postgres.ts'
import { type PostgresCluster, startPostgresCluster } from './postgres-cluster.ts'
import { makeSqliteTemplate } from './sqlite-template.ts'
import { makeTempDir } from './temp-dir.ts'

let cluster: PostgresCluster | undefined
const { dir, remove } = makeTempDir()

/** Where `main.ts` has it too. */
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/kaijo')

/**
 * One PostgreSQL for the whole run: every test process inherits its URL, and databases with the schema that it copies. What one of them compiled the others find compiled, which is
 * half of the time that each takes to start. The console is built and the browser unpacked before test processes would do so side by side.
 */
export async function globalSetup(): Promise<void> {
  process.env['NODE_COMPILE_CACHE'] ??= COMPILE_CACHE
  await prepareBrowser()
  const template = join(dir, 'kaijo.db')
  writeFileSync(template, await makeSqliteTemplate())
  process.env['KAIJO_TEST_SQLITE_TEMPLATE'] = template
  if (process.env['KAIJO_TEST_POSTGRES_URL']) return
  cluster = await startPostgresCluster({ durable: false })
  process.env['KAIJO_TEST_POSTGRES_URL'] = cluster.url
  process.env['KAIJO_TEST_POSTGRES_TEMPLATE'] = await createTemplate(cluster.url)
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop()
  await remove()
}
