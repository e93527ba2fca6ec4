import { type PostgresCluster, startPostgresCluster } from './postgres-cluster.ts'

let cluster: PostgresCluster | undefined

/** One PostgreSQL for the whole run: every test process inherits its URL. */
export async function globalSetup(): Promise<void> {
  if (process.env['KAIJO_TEST_POSTGRES_URL']) return
  cluster = await startPostgresCluster({ durable: false })
  process.env['KAIJO_TEST_POSTGRES_URL'] = cluster.url
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop()
}
