import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { startNativeApi } from '../dialects/native/native-api.ts'
import { forEachEngine } from '../support/engines.ts'

const MANY = 50_000

forEachEngine((engine) => {
  it('PostgreSQL knows how large the tables are once a large import is done; SQLite keeps no statistics', async (t) => {
    const { call, database } = await startNativeApi(t, { engine })
    if (database.engine === 'postgres') await turnOffAutovacuum(database)
    const rows = Array.from({ length: MANY }, (_, index) => `r${index}@example.jp`).join('\n')
    const path = '/services/10/imports'
    const headers = { 'content-type': 'text/csv' }
    const { body } = await call('POST', `${path}?list=blocklist&action=add`, `email\n${rows}\n`, headers)
    while ((await call('GET', `${path}/${body.id}`)).body.state !== 'done') await sleep(20)
    const known = async () =>
      database.engine === 'postgres'
        ? read(sql`select reltuples as rows from pg_class where relname in ('suppression', 'event')`)
        : read(sql`select 1 as rows from sqlite_master where name = 'sqlite_stat1'`)
    const read = (statement: ReturnType<typeof sql>) =>
      database.read<{ rows: number }>({ compile: () => statement.compile(database.query) as never })
    const expected = database.engine === 'postgres' ? [MANY, MANY] : []
    for (;;) {
      const rows = (await known()).map((row) => Number(row.rows))
      if (rows.every((count) => count >= 0)) return assert.deepEqual(rows, expected)
      await sleep(20)
    }
  })
})

async function turnOffAutovacuum(database: Awaited<ReturnType<typeof startNativeApi>>['database']) {
  for (const table of ['suppression', 'event']) {
    const statement = sql`alter table ${sql.table(table)} set (autovacuum_enabled = off)`
    await database.transact([{ compile: () => statement.compile(database.query) as never }])
  }
}
