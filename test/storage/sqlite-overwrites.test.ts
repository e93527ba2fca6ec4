import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startThread } from '../../src/storage/sqlite/thread.ts'
import { type Lifetime, makeTempDir } from '../support/temp-dir.ts'

const TARO = 'taro@example.jp'
/** Enough for trees of several levels, whose pages are split and merged. */
const ROWS = 3_000
/** More than a page holds: the rest lies in pages of its own. */
const LARGE = 20_000

function freshFile(t: Lifetime): string {
  const { dir, remove } = makeTempDir()
  t.after(remove)
  return `${dir}/kaijo.sqlite`
}

async function openWithTaro(file: string) {
  const database = await openDatabase({ kind: 'sqlite', file })
  await migrate(database)
  const rows = Array.from({ length: ROWS }, (_, at) => {
    const part = at % 10 === 0 ? `${at}-${TARO}` : `${randomBytes(8).toString('hex')}@example.com`
    const more = at % 100 === 0 ? TARO.repeat(LARGE / TARO.length) : ''
    return {
      list_id: 1,
      day: '2026-10-01',
      part,
      received_at: at,
      evidence_json: JSON.stringify({ part, more }),
    }
  })
  // One by one, in no order: pages are split again and again.
  await database.transact(rows.map((row) => database.query.insertInto('opaque_request').values(row)))
  return database
}

const holdsTaro = (file: string) => readFileSync(file).includes(TARO)

describe('what is deleted from SQLite', () => {
  it('is in none of its files once it is closed, whether rows were removed or rewritten', async (t) => {
    const file = freshFile(t)
    const database = await openWithTaro(file)
    const { query } = database
    const ofTaro = (rest: string) =>
      query.selectFrom('opaque_request').select('part').where('part', 'like', rest)
    const blank = { evidence_json: '{}' }
    await database.transact([
      query
        .updateTable('opaque_request')
        .set(blank)
        .where('part', 'in', ofTaro(`%00-${TARO}`)),
      query.deleteFrom('opaque_request').where('part', 'in', ofTaro(`%${TARO}`)),
    ])
    await database.close()
    assert.equal(holdsTaro(file), false)
    assert.equal(statSync(`${file}-wal`, { throwIfNoEntry: false }), undefined)
  })

  it('is found in the file before, or else the search could not find it', async (t) => {
    const file = freshFile(t)
    await (await openWithTaro(file)).close()
    assert.equal(holdsTaro(file), true)
  })

  it('leaves the log too before long, while the database is open', async (t) => {
    const file = freshFile(t)
    const database = await openWithTaro(file)
    t.after(() => database.close())
    await database.transact([database.query.deleteFrom('opaque_request')])
    assert.equal(holdsTaro(`${file}-wal`), true)
    const checkpointing = startThread('checkpoint-thread', { file, cacheKib: 1_024, truncateEveryMs: 0 })
    t.after(() => checkpointing.close())
    while (statSync(`${file}-wal`).size > 0) await sleep(20)
    assert.equal(holdsTaro(file), false)
  })
})
