import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openSqlite } from '../../src/storage/sqlite/open-sqlite.ts'
import { type Lifetime, makeTempDir } from '../support/temp-dir.ts'

const TARO = 'taro@example.jp'
/** Enough for trees of several levels, whose pages are split and merged. */
const ROWS = 3_000
/** More than a page holds: the rest lies in pages of its own. */
const LARGE = 20_000
const MANY = 1_600

function freshFile(t: Lifetime): string {
  const { dir, remove } = makeTempDir()
  t.after(remove)
  return `${dir}/kaijo.sqlite`
}

/** Rows of which one in ten names him, written one by one and in no order: pages are split again and again. */
async function openWithTaro(file: string, seed = 0, clearEveryMs?: number) {
  const database = await openSqlite(file, clearEveryMs)
  await migrate(database)
  const rows = Array.from({ length: ROWS }, (_, at) => {
    const own = createHash('sha256').update(`${seed} ${at}`).digest('hex')
    const part = at % 10 === 0 ? `${at}-${TARO}` : `${own.slice(0, 16)}@example.com`
    const more = at % 100 === 0 ? TARO.repeat(LARGE / TARO.length) : ''
    return {
      list_id: 1,
      day: '2026-10-01',
      part,
      received_at: at,
      evidence_json: JSON.stringify({ part, more }),
    }
  })
  await database.transact(rows.map((row) => database.query.insertInto('opaque_request').values(row)))
  return database
}

async function removeTaro({ query, transact }: Database): Promise<void> {
  const ofTaro = (rest: string) =>
    query.selectFrom('opaque_request').select('part').where('part', 'like', rest)
  await transact([
    query
      .updateTable('opaque_request')
      .set({ evidence_json: '{}' })
      .where('part', 'in', ofTaro(`%00-${TARO}`)),
    query.deleteFrom('opaque_request').where('part', 'in', ofTaro(`%${TARO}`)),
  ])
}

const holdsTaro = (file: string) => readFileSync(file).includes(TARO)

function assertSound(file: string): void {
  const connection = new DatabaseSync(file)
  const [found] = connection.prepare('pragma integrity_check').all()
  connection.close()
  assert.deepEqual({ ...found }, { integrity_check: 'ok' })
}

describe('what is deleted from SQLite', () => {
  it('is in none of its files once it is closed, whether rows were removed, rewritten or moved to other pages', async (t) => {
    for (let seed = 0; seed < 5; seed++) {
      const file = freshFile(t)
      const database = await openWithTaro(file, seed)
      await removeTaro(database)
      await database.close()
      assert.equal(holdsTaro(file), false, `seed ${seed}`)
      assert.equal(statSync(`${file}-wal`, { throwIfNoEntry: false }), undefined)
      assertSound(file)
    }
  })

  it('is found in the file before, or else the search could not find it', async (t) => {
    const file = freshFile(t)
    await (await openWithTaro(file)).close()
    assert.equal(holdsTaro(file), true)
  })

  it('leaves the database and its log before long, while they are open and nobody writes', async (t) => {
    const file = freshFile(t)
    const database = await openWithTaro(file, 0, 0)
    t.after(() => database.close())
    await removeTaro(database)
    while (holdsTaro(file) || holdsTaro(`${file}-wal`)) await sleep(20)
    const rows = database.query
      .selectFrom('opaque_request')
      .select(({ fn }) => fn.countAll<number>().as('count'))
    assert.deepEqual(await database.read(rows), [{ count: ROWS * 0.9 }])
  })

  it('was left by a process that died: the next one clears all pages, at its end at the latest', async (t) => {
    const file = freshFile(t)
    const database = await openWithTaro(file)
    t.after(() => database.close())
    await removeTaro(database)
    // The log is carried over by somebody else and begins anew: nobody knows any more which pages were written.
    const other = new DatabaseSync(file)
    other.exec('pragma wal_checkpoint(passive)')
    other.close()
    await database.transact([database.query.deleteFrom('opaque_request').where('received_at', '=', 1)])
    const left = freshFile(t)
    for (const part of ['', '-wal']) copyFileSync(`${file}${part}`, `${left}${part}`)
    assert.equal(holdsTaro(left), true)
    const next = await openSqlite(left)
    await next.close()
    assert.equal(holdsTaro(left), false)
    assertSound(left)
  })

  it('is left where it is in a file with pages that map pages, which look like those of trees', async (t) => {
    const file = freshFile(t)
    await (await openWithTaro(file)).close()
    const operator = new DatabaseSync(file)
    operator.exec('pragma journal_mode = delete; pragma auto_vacuum = incremental; vacuum')
    operator.close()
    const database = await openSqlite(file, 0)
    const run = (statement: string) =>
      database.transact([{ compile: () => sql.raw(statement).compile(database.query) }])
    await run(`with recursive numbers(at) as (select 1 union all select at + 1 from numbers where at < 20000)
      insert into opaque_request select 9, '2026-10-03', hex(randomblob(20)), at, hex(randomblob(40)) from numbers`)
    await run('delete from opaque_request where received_at > 500')
    await sleep(500)
    await database.close()
    assertSound(file)
    const vacuuming = new DatabaseSync(file)
    vacuuming.exec('pragma incremental_vacuum')
    vacuuming.close()
    assertSound(file)
  })

  it('keeps the locks of those who read a snapshot when the database is closed meanwhile', async (t) => {
    const file = freshFile(t)
    const database = await openWithTaro(file)
    await database.snapshot(async () => {
      await database.close()
      // Another process that is the last one to close takes the log away; this one must see that it is not.
      const script = `const { DatabaseSync } = require('node:sqlite'); const d = new DatabaseSync(${JSON.stringify(file)});
        d.exec("delete from opaque_request where received_at = 1"); d.close()`
      execFileSync(process.execPath, ['-e', script])
      assert.notEqual(statSync(`${file}-wal`, { throwIfNoEntry: false }), undefined)
    })
  })

  it('is cleared beside those who write and read, and nothing else is', async (t) => {
    const file = freshFile(t)
    const database = await openWithTaro(file, 0, 0)
    const { query } = database
    const partOf = (at: number) => createHash('sha256').update(`more ${at}`).digest('hex')
    const rowOf = (at: number) => ({
      list_id: 2,
      day: '2026-10-02',
      part: partOf(at),
      received_at: at,
      evidence_json: JSON.stringify({ more: partOf(at).repeat(at % 50 === 0 ? 200 : 1) }),
    })
    for (let at = 0; at < MANY; at += 8) {
      const rows = Array.from({ length: 8 }, (_, more) => rowOf(at + more))
      await Promise.all([
        ...rows.map((row) => database.transact([query.insertInto('opaque_request').values(row)])),
        database.read(
          query
            .selectFrom('opaque_request')
            .selectAll()
            .where('part', '=', partOf(at / 2)),
        ),
        database.transact([query.deleteFrom('opaque_request').where('part', '=', partOf(at - 100))]),
      ])
    }
    await removeTaro(database)
    const kept = query
      .selectFrom('opaque_request')
      .selectAll()
      .where('list_id', '=', 2)
      .orderBy('received_at')
    const expected = Array.from({ length: MANY }, (_, at) => at)
      .filter((at) => at % 8 !== 4 || at > MANY - 8 - 100)
      .map(rowOf)
    assert.deepEqual(
      (await database.read(kept)).map((row) => ({ ...row })),
      expected,
    )
    await database.close()
    assertSound(file)
    assert.equal(holdsTaro(file), false)
  })
})
