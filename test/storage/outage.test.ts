import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Compilable, sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { freePort } from '../support/free-port.ts'
import { startPostgres } from '../support/postgres.ts'
import { makeTempDir, tempDir } from '../support/temp-dir.ts'

describe('when PostgreSQL is away', () => {
  it('cannot be opened', async () => {
    const target = { kind: 'postgres', url: `postgres://127.0.0.1:${await freePort()}/none` } as const
    await assert.rejects(openDatabase(target), DatabaseUnavailable)
  })

  it('refuses reads, transactions and snapshots as unavailable, and works again once it is back', async (t) => {
    const server = await startPostgres({ dedicated: true })
    const database = await openDatabase({ kind: 'postgres', url: server.url })
    t.after(async () => {
      await database.close()
      await server.stop()
    })
    await database.transact([statement(database, 'create table t (a int)')])

    for (const end of [server.stop, server.kill]) {
      const underWay = database.transact([
        statement(database, 'insert into t values (1)'),
        statement(database, 'select pg_sleep(20)'),
      ])
      const waiting = Promise.all([
        assert.rejects(underWay, DatabaseUnavailable),
        // One that has answered nothing yet, and one that is in the middle.
        assert.rejects(cells(database, 'select 1 as one from pg_sleep(20)'), DatabaseUnavailable),
        assert.rejects(
          cells(database, 'select pg_sleep(0.001 * n)::text as one from generate_series(1, 20000) n'),
          DatabaseUnavailable,
        ),
      ])
      await database.read(statement(database, 'select 1'))
      await end()
      await waiting
      await refused(() => database.read(statement(database, 'select 1')))
      await refused(() => database.transact([statement(database, 'select 1')]))
      await refused(() => cells(database, 'select 1 as one'))
      await refused(() => database.snapshot(() => Promise.resolve()))
      await server.start()
      assert.deepEqual(await database.read(statement(database, 'select a from t')), [])
    }
  })

  it('tells a writer that waits too long for a lock that it may come again', async (t) => {
    const { url, stop } = await startPostgres()
    const [holder, waiter] = [
      await openDatabase({ kind: 'postgres', url }),
      await openDatabase({ kind: 'postgres', url }),
    ]
    t.after(async () => {
      await Promise.all([holder.close(), waiter.close()])
      await stop()
    })
    await holder.transact([statement(holder, 'create table t (a int)')])
    const holding = holder.transact([
      statement(holder, 'lock table t'),
      statement(holder, 'select pg_sleep(0.5)'),
    ])
    await holder.read(statement(holder, 'select pg_sleep(0.1)'))
    const impatient = [
      statement(waiter, `set local lock_timeout = '50ms'`),
      statement(waiter, 'insert into t values (1)'),
    ]
    await assert.rejects(waiter.transact(impatient), DatabaseUnavailable)
    await holding
  })
})

describe('when the disk refuses SQLite', () => {
  it('cannot be opened where there is no directory', async (t) => {
    const file = join(tempDir(t), 'missing', 'kaijo.sqlite')
    await assert.rejects(openDatabase({ kind: 'sqlite', file }), DatabaseUnavailable)
  })

  it('cannot be opened when the file is none of its own', async (t) => {
    const file = join(tempDir(t), 'kaijo.sqlite')
    writeFileSync(file, 'no database '.repeat(1_000))
    await assert.rejects(openDatabase({ kind: 'sqlite', file }), DatabaseUnavailable)
  })

  it('refuses what no longer fits, keeps what is there and works again once there is room', async (t) => {
    const { dir, remove } = makeTempDir()
    const database = await openDatabase({ kind: 'sqlite', file: join(dir, 'kaijo.sqlite') })
    t.after(async () => {
      await database.close()
      await remove()
    })
    const insert = (size: number) => statement(database, `insert into t values (zeroblob(${size}))`)
    await database.transact([statement(database, 'create table t (a)'), insert(10)])
    await database.transact([statement(database, 'pragma max_page_count = 20')])
    const outcomes = await Promise.allSettled([
      database.transact([insert(10), insert(1_000_000)]),
      database.transact([insert(1_000_000)]),
    ])
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof DatabaseUnavailable)
    }
    assert.equal((await database.read(statement(database, 'select a from t'))).length, 1)
    await database.transact([statement(database, 'pragma max_page_count = 10000')])
    await database.transact([insert(1_000_000)])
    assert.equal((await database.read(statement(database, 'select a from t'))).length, 2)
  })
})

function statement(database: Database, text: string): Compilable<object> {
  return { compile: () => sql.raw<object>(text).compile(database.query) }
}

function cells(database: Database, select: string): Promise<unknown> {
  return database.readCells(statement(database, select) as Compilable<{ one: string }>, [['one', 'text']])
}

/** Backends outlive a killed server by a moment, in which connections that are open still work. */
async function refused(work: () => Promise<unknown>): Promise<void> {
  for (const until = performance.now() + 5_000; performance.now() < until; await sleep(20)) {
    const error = await work().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error instanceof DatabaseUnavailable) return
    assert.ifError(error)
  }
  assert.fail('it was not refused')
}
