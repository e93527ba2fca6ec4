import { prepareBrowser } from './browser.ts'
import { type PostgresCluster, startPostgresCluster } from './postgres-cluster.ts'

let cluster: PostgresCluster | undefined

/**
 * One PostgreSQL for the whole run: every test process inherits its URL. The console is built and the browser unpacked before test
 * processes would do so side by side.
 */
export async function globalSetup(): Promise<void> {
  await prepareBrowser()
  if (process.env['KAIJO_TEST_POSTGRES_URL']) return
  cluster = await startPostgresCluster({ durable: false })
  process.env['KAIJO_TEST_POSTGRES_URL'] = cluster.url
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop()
}
