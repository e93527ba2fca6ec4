import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import type { Database } from '../../src/storage/database.ts'
import { UniqueViolation } from '../../src/storage/database-errors.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startPostgres } from '../support/postgres.ts'

const SETTINGS = ['log_error_verbosity', 'log_min_error_statement', 'log_parameter_max_length']
const QUIET = ['terse', 'panic', '0']
const GRANTS = SETTINGS.map((name) => `grant set on parameter ${name} to kaijo`)

it("PostgreSQL's own log names no address, where our role may see to that", async (t) => {
  const { url, stop } = await startPostgres({ dedicated: true })
  const operator = new pg.Client({ connectionString: url })
  await operator.connect()
  const opened: Database[] = []
  t.after(async () => {
    for (const database of opened) await database.close()
    await operator.end()
    await stop()
  })
  const open = async (user?: string) => {
    const database = await openDatabase({ kind: 'postgres', url: user ? asUser(url, user) : url })
    opened.push(database)
    return database
  }
  const log = async (): Promise<string> => {
    const file = `current_setting('data_directory') || '/../log'`
    return (await operator.query(`select pg_read_file(${file}) as text`)).rows[0].text
  }
  await operator.query('create table listed (address_key text primary key)')

  const asSuperuser = await open()
  const insert = sql`insert into listed values (${'quiet@example.jp'})`
  const failing = sql`select 1 / (length('literal@example.jp') - 18)`
  await run(asSuperuser, insert)
  await assert.rejects(run(asSuperuser, insert), UniqueViolation)
  await assert.rejects(run(asSuperuser, failing), /division by zero/)
  assert.deepEqual(await settings(asSuperuser), QUIET)
  await assert.rejects(operator.query(`insert into listed values ('quiet@example.jp'), ('loud@example.jp')`))
  const before = await log()
  assert.match(before, /duplicate key[\s\S]*duplicate key/)
  // Once in the detail and once in the statement of whoever is not quiet.
  assert.equal(before.match(/quiet@example\.jp/g)?.length, 2)
  assert.doesNotMatch(before, /literal@example\.jp/)

  await operator.query(`create role kaijo login password 'kaijo'`)
  assert.deepEqual(await settings(await open('kaijo')), ['default', 'error', '-1'])
  for (const grant of GRANTS) await operator.query(grant)
  assert.deepEqual(await settings(await open('kaijo')), QUIET)
  assert.doesNotMatch(await log(), /permission denied/)
})

function asUser(url: string, name: string): string {
  const own = new URL(url)
  own.username = name
  own.password = name
  return own.href
}

async function run(database: Database, statement: ReturnType<typeof sql>): Promise<void> {
  await database.transact([{ compile: () => statement.compile(database.query) }])
}

async function settings(database: Database): Promise<string[]> {
  const shown = sql<{ values: string[] }>`select array[${sql.join(
    SETTINGS.map((name) => sql`current_setting(${name})`),
  )}] as "values"`
  const [row] = await database.read({ compile: () => shown.compile(database.query) })
  return row?.values ?? []
}
