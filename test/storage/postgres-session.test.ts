import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { refuseUnfit } from '../../src/storage/postgres/refuse-unfit.ts'
import { startPostgres } from '../support/postgres.ts'

const DEFAULTS = {
  default_transaction_isolation: ['serializable', 'read committed'],
  standard_conforming_strings: ['off', 'on'],
  array_nulls: ['off', 'on'],
  jit: ['on', 'off'],
  idle_in_transaction_session_timeout: ['1s', '0'],
  idle_session_timeout: ['1s', '0'],
  transaction_timeout: ['1s', '0'],
  statement_timeout: ['1s', '1min'],
  timezone: ['Asia/Tokyo', 'UTC'],
}

it('works with the settings that Kaijo is written for, whatever a database has for its defaults', async (t) => {
  const { url, stop } = await startPostgres()
  const name = new URL(url).pathname.slice(1)
  const settings = Object.entries(DEFAULTS)
  await execute(
    url,
    ...settings.map(([setting, [set]]) => `alter database ${name} set ${setting} = '${set}'`),
  )
  const database = await openDatabase({ kind: 'postgres', url })
  t.after(async () => {
    await database.close()
    await stop()
  })
  const shown = sql<{ values: string[] }>`select array[${sql.join(
    settings.map(([setting]) => sql`current_setting(${setting})`),
  )}] as "values"`
  const [row] = await database.read({ compile: () => shown.compile(database.query) })
  assert.deepEqual(
    row?.values,
    settings.map(([, [, works]]) => works),
  )
})

it('refuses a PostgreSQL that is too old, and a database that cannot hold every address, with the reason', async (t) => {
  const { url, stop } = await startPostgres()
  const name = `${new URL(url).pathname.slice(1)}_latin1`
  await execute(url, `create database ${name} template template0 encoding 'LATIN1' locale 'C'`)
  t.after(async () => {
    await execute(url, `drop database ${name}`)
    await stop()
  })
  const latin1 = new URL(url)
  latin1.pathname = name
  await assert.rejects(openDatabase({ kind: 'postgres', url: latin1.href }), {
    name: 'DatabaseUnavailable',
    message: /its encoding is LATIN1, and Kaijo needs UTF8/,
  })
  const old = { query: async () => ({ rows: [{ version: '14.23 (Debian 14.23-1)', encoding: 'UTF8' }] }) }
  await assert.rejects(
    refuseUnfit(old as unknown as pg.ClientBase),
    new DatabaseUnavailable('it is PostgreSQL 14.23 (Debian 14.23-1), and Kaijo needs 15 or newer'),
  )
})

it('shares the connections that it gets where there are no more, and refuses nobody', async (t) => {
  const { url, stop } = await startPostgres()
  const role = `${new URL(url).pathname.slice(1)}_few`
  await execute(url, `create role ${role} login password 'few' connection limit 3`)
  const few = Object.assign(new URL(url), { username: role, password: 'few' })
  const database = await openDatabase({ kind: 'postgres', url: few.href })
  t.after(async () => {
    await database.close()
    await execute(url, `drop role ${role}`)
    await stop()
  })
  const held = sql<{ done: number }>`select 1 as done from pg_sleep(0.02)`
  const compilable = { compile: () => held.compile(database.query) }
  const answers = await Promise.all(Array.from({ length: 60 }, () => database.transact([compilable])))
  assert.equal(answers.length, 60)
})

async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
