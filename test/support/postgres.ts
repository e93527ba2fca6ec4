import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type PostgresCluster, startPostgresCluster } from './postgres-cluster.ts'

/** An empty database of one test's own. `stop` drops it. */
export type TestDatabase = { url: string; stop(): Promise<void> }

let shared: Promise<PostgresCluster> | undefined

/**
 * A database on the server that `KAIJO_TEST_POSTGRES_URL` names, which a whole test run shares (`global-setup.ts`);
 * without it, on a server that this process starts once. With `dedicated`, a server of one's own to stop and start
 * beneath its clients: same URL, same data. `durable` leaves its fsync on.
 *
 * @throws when no server can be had: there is no test run without PostgreSQL.
 */
export async function startPostgres(options: { dedicated: true; durable?: boolean }): Promise<PostgresCluster>
export async function startPostgres(): Promise<TestDatabase>
export async function startPostgres(options?: {
  dedicated: true
  durable?: boolean
}): Promise<PostgresCluster | TestDatabase> {
  if (options !== undefined) return startPostgresCluster({ durable: options.durable === true })

  const server = process.env['KAIJO_TEST_POSTGRES_URL'] || (await ownServer()).url
  const name = `kaijo_test_${randomBytes(6).toString('hex')}`
  await execute(server, `create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, stop: () => execute(server, `drop database ${name} with (force)`) }
}

function ownServer(): Promise<PostgresCluster> {
  shared ??= startPostgresCluster({ durable: false })
  return shared
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
