import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { type PostgresCluster, startPostgresCluster } from './postgres-cluster.ts'

/** An empty database of one test's own. `stop` drops it. */
export type TestDatabase = { url: string; stop(): Promise<void> }

let shared: Promise<PostgresCluster> | undefined
let template: Promise<string> | undefined

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

  return createDatabase(await sharedServer(), 'template0')
}

/**
 * The same with this release's schema, for tests that do not look at how it comes about: a copy of a database that was migrated once. On a
 * server that `KAIJO_TEST_POSTGRES_URL` names without such a database the schema is still to be made.
 */
export async function startMigratedPostgres(): Promise<TestDatabase> {
  const server = await sharedServer()
  const named = process.env['KAIJO_TEST_POSTGRES_URL'] !== undefined
  template ??= named
    ? Promise.resolve(process.env['KAIJO_TEST_POSTGRES_TEMPLATE'] ?? 'template0')
    : createTemplate(server)
  return createDatabase(server, await template)
}

/** Makes the database that is copied; answers its name. */
export async function createTemplate(server: string): Promise<string> {
  const { url } = await createDatabase(server, 'template0')
  const database = await openDatabase({ kind: 'postgres', url })
  await migrate(database)
  await database.close()
  const name = new URL(url).pathname.slice(1)
  // Whoever is connected keeps it from being copied: from now on nobody is, and nothing tidies up in it.
  await execute(server, `alter database ${name} allow_connections false`)
  return name
}

async function createDatabase(server: string, from: string): Promise<TestDatabase> {
  const name = `kaijo_test_${randomBytes(6).toString('hex')}`
  // Through the log, as is the default, takes twice as long.
  await execute(server, `create database ${name} template ${from} encoding 'UTF8' strategy file_copy`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, stop: () => execute(server, `drop database ${name} with (force)`) }
}

async function sharedServer(): Promise<string> {
  return process.env['KAIJO_TEST_POSTGRES_URL'] || (await ownServer()).url
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
