import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { it } from 'node:test'
import { type Compilable, sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'
import { DatabaseUnavailable, DiskFull, UniqueViolation } from '../../src/storage/database-errors.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { makeTempDir } from '../support/temp-dir.ts'

forEachEngine((engine) => {
  it('answers the rows of each statement of a transaction, in order', async (t) => {
    const database = await engine.open(t)
    const [written, nothing, read] = await database.transact([
      insert(database, 1, 'a'),
      database.query.deleteFrom('site').where('id', '=', 99),
      database.query.selectFrom('site').select('name'),
    ])
    assert.deepEqual(plain(written), [{ id: 1 }])
    assert.deepEqual(nothing, [])
    assert.deepEqual(plain(read), [{ name: 'a' }])
    assert.deepEqual(await names(database), ['a'])
  })

  it('does nothing in an empty transaction', async (t) => {
    const database = await engine.open(t)
    assert.deepEqual(await database.transact([]), [])
  })

  it('commits what may be flushed later among what may not, each whole or not at all', async (t) => {
    const database = await engine.open(t)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) =>
        database.transact(
          [
            insert(database, 2 * i, `first ${i}`),
            insert(database, i % 5 === 0 ? 2 * i : 2 * i + 1, `second ${i}`),
          ],
          { flush: i % 3 === 0 ? 'later' : 'now' },
        ),
      ),
    )
    const fine = (_: unknown, i: number) => i % 5 !== 0
    assert.deepEqual(
      outcomes.map(({ status }) => status === 'fulfilled'),
      outcomes.map(fine),
    )
    const kept = outcomes.map((_, i) => i).filter((i) => i % 5 !== 0)
    assert.deepEqual(
      new Set(await names(database)),
      new Set(kept.flatMap((i) => [`first ${i}`, `second ${i}`])),
    )
  })

  it('tells whether transactions wait, so that work without hurry lets them go first', async (t) => {
    const database = await engine.open(t)
    assert.equal(database.waiting(), 0)
    const outcomes = Array.from({ length: 60 }, (_, id) => database.transact([insert(database, id, `${id}`)]))
    assert.ok(database.waiting() > 0)
    await Promise.all(outcomes)
    assert.equal(database.waiting(), 0)
  })

  it('undoes a whole transaction when a key is taken, and says so', async (t) => {
    const database = await engine.open(t)
    await database.transact([insert(database, 1, 'a')])
    const taken = [
      [insert(database, 2, 'b'), insert(database, 1, 'again')],
      [insert(database, 2, 'b'), insert(database, 3, 'a')],
      [insert(database, 1, 'alone')],
    ]
    for (const statements of taken) await assert.rejects(database.transact(statements), UniqueViolation)
    assert.deepEqual(await names(database), ['a'])
  })

  it('undoes a whole transaction when a statement is wrong, and works on', async (t) => {
    const database = await engine.open(t)
    const wrong = database.transact([
      insert(database, 1, 'a'),
      statement(database, 'insert into nowhere values (1)'),
    ])
    await assert.rejects(wrong, (error: Error) => error.name === 'Error' || error.name === 'error')
    await database.transact([insert(database, 2, 'b')])
    assert.deepEqual(await names(database), ['b'])
  })

  it('undoes a failing transaction alone while those beside it commit', async (t) => {
    const database = await engine.open(t)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_, i) =>
        database.transact([
          insert(database, 2 * i + 1, `first ${i}`),
          // Each third takes the key of its own first row.
          insert(database, i % 3 === 0 ? 2 * i + 1 : 2 * i + 2, `second ${i}`),
        ]),
      ),
    )
    const expected = Array.from({ length: 300 }, (_, i) => i % 3 !== 0)
    assert.deepEqual(
      outcomes.map(({ status }) => status === 'fulfilled'),
      expected,
    )
    const kept = expected.flatMap((fine, i) => (fine ? [`first ${i}`, `second ${i}`] : []))
    assert.deepEqual(new Set(await names(database)), new Set(kept))
  })

  it('reads a page of rows as their cells, whatever they hold and whatever is asked with', async (t) => {
    const database = await engine.open(t)
    const texts = [
      '',
      '\\N',
      '\\',
      'a\tb\nc\rd\be\ff\vg',
      "it's \\'$1",
      '"quoted", {braced}',
      '解除 🎉',
      ' $2 ',
      '\x1f',
    ]
    await database.transact(texts.map((name, index) => insert(database, index - 3, name)))
    const sites = database.query.selectFrom('site')
    const columns = [
      ['id', 'integer'],
      ['name', 'text'],
      ['nothing', 'text'],
    ] as const
    const all = sites.select(['id', 'name', sql<null>`null`.as('nothing')]).orderBy('id')
    assert.deepEqual(
      await database.readCells(all, columns),
      texts.map((name, index) => [index - 3, name, null]),
    )
    for (const [index, name] of texts.entries()) {
      const one = sites
        .select(['name', sql<number>`id + ${-1}`.as('id'), sql<string>`cast(${name} as text)`.as('given')])
        .where('name', '=', name)
        .where('id', '=', index - 3)
      const asked = [
        ['given', 'text'],
        ['id', 'integer'],
      ] as const
      assert.deepEqual(await database.readCells(one, asked), [[name, index - 4]])
    }
    const none = sites.select(['id', 'name', sql<null>`null`.as('nothing')]).where('id', '=', 99)
    assert.deepEqual(await database.readCells(none, columns), [])
  })

  it('gives no part of a page of which a row cannot be made, and reads the next one as ever', async (t) => {
    const database = await engine.open(t)
    const names = Array.from({ length: 500 }, (_, index) => (index === 400 ? 'no json' : `"${index}"`))
    await database.transact(names.map((name, index) => insert(database, index, name)))
    const { engine: kind } = database
    const page = (last: number) =>
      database.readCells(
        database.query
          .selectFrom('site')
          .select(kind === 'sqlite' ? sql<string>`json(name)`.as('name') : sql<string>`name::json`.as('name'))
          .where('id', '<=', last)
          .orderBy('id'),
        [['name', 'text']],
      )
    for (let round = 0; round < 3; round++) {
      await assert.rejects(page(499), /json/i)
      assert.deepEqual(
        await page(399),
        names.slice(0, 400).map((name) => [name]),
      )
    }
  })

  it('reads in a snapshot from one moment, and the present outside it', async (t) => {
    const database = await engine.open(t)
    await database.transact([insert(database, 1, 'a')])
    const seen = await database.snapshot(async (reader) => {
      const all = database.query.selectFrom('site').select('name')
      const before = await reader.read(all)
      await database.transact([
        insert(database, 2, 'b'),
        database.query.deleteFrom('site').where('id', '=', 1),
      ])
      const now = await names(database)
      return { before, now, again: await reader.read(all) }
    })
    assert.deepEqual(plain(seen.before), [{ name: 'a' }])
    assert.deepEqual(seen.now, ['b'])
    assert.deepEqual(seen.again, seen.before)
    assert.deepEqual(await names(database), ['b'])
  })

  it('takes its snapshot at the start, not at the first read', async (t) => {
    const database = await engine.open(t)
    const seen = await database.snapshot(async (reader) => {
      await reader.read(statement(database, 'select 1'))
      await database.transact([insert(database, 1, 'late')])
      return reader.read(database.query.selectFrom('site').select('name'))
    })
    assert.deepEqual(seen, [])
  })

  it('hands on what the work of a snapshot throws, and gives its connection back', async (t) => {
    const database = await engine.open(t)
    for (let i = 0; i < 12; i++) {
      await assert.rejects(
        database.snapshot(() => Promise.reject(new RangeError('mine'))),
        new RangeError('mine'),
      )
    }
    assert.deepEqual(await names(database), [])
  })

  it('orders and compares text bytewise', async (t) => {
    const database = await engine.open(t)
    const texts = [
      'B',
      'a',
      'A',
      'b',
      'é',
      'z',
      '-',
      '_',
      '1',
      'あ',
      '\u{ffee}',
      '\u{1f600}',
      'a-b',
      'ab',
      'e\u0301',
    ]
    await database.transact(texts.map((name, i) => insert(database, i + 1, name)))
    const bytewise = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    assert.deepEqual(await names(database), bytewise)
    const above = database.query.selectFrom('site').select('name').where('name', '>', 'a').orderBy('name')
    assert.deepEqual(
      (await database.read(above)).map(({ name }) => name),
      bytewise.slice(bytewise.indexOf('a') + 1),
    )
  })

  it('keeps integers up to 2^53, bytes and text as they are', async (t) => {
    const database = await engine.open(t)
    const raw = Uint8Array.from([0, 255, 13, 10])
    await database.transact([
      insert(database, Number.MAX_SAFE_INTEGER, '日本語 \u{1f600} "quoted" \\ \u2028'),
      database.query.insertInto('kept_mail').values({ bucket: 0, message_id: 1, raw }),
    ])
    assert.deepEqual(plain(await database.read(database.query.selectFrom('site').select(['id', 'name']))), [
      { id: Number.MAX_SAFE_INTEGER, name: '日本語 \u{1f600} "quoted" \\ \u2028' },
    ])
    const [kept] = await database.read(database.query.selectFrom('kept_mail').select('raw'))
    assert.deepEqual(Uint8Array.from(kept?.raw ?? []), raw)
  })

  it('tells that the disk is full, and goes on once there is room', async (t) => {
    const database = await engine.open(t)
    const most = (pages: number) =>
      database.transact([statement(database, `pragma max_page_count = ${pages}`)])
    const tooMuch = statement(
      database,
      engine.name === 'sqlite'
        ? 'insert into site (id, name, created_at) values (1, hex(zeroblob(1000000)), 0)'
        : "do $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$",
    )
    if (engine.name === 'sqlite') await most(1)
    await assert.rejects(database.transact([tooMuch]), DiskFull)
    if (engine.name === 'sqlite') await most(1_000_000)
    await database.transact([insert(database, 2, 'b')])
    assert.deepEqual(await names(database), ['b'])
  })

  it('refuses work once it is closed, after finishing what was handed over', async (t) => {
    const target = await engine.target(t)
    const database = await openDatabase(target)
    const writes = Array.from({ length: 20 }, (_, i) =>
      database.transact([statement(database, i === 0 ? 'create table kept (id integer)' : 'select 1')]),
    )
    await writes[0]
    const last = database.transact([statement(database, 'insert into kept values (1)')])
    await Promise.all([database.close(), last, ...writes])
    await assert.rejects(database.read(statement(database, 'select 1')), DatabaseUnavailable)
    await assert.rejects(database.transact([statement(database, 'select 1')]), DatabaseUnavailable)
    await assert.rejects(
      database.snapshot(() => Promise.resolve()),
      DatabaseUnavailable,
    )
    await database.close()

    const again = await openDatabase(target)
    assert.deepEqual(plain(await again.read(statement(again, 'select id from kept'))), [{ id: 1 }])
    await again.close()
  })
})

function statement(database: Database, text: string): Compilable<object> {
  return { compile: () => sql.raw<object>(text).compile(database.query) }
}

function insert(database: Database, id: number, name: string) {
  return database.query.insertInto('site').values({ id, name, created_at: 0 }).returning('id')
}

async function names(database: Database): Promise<string[]> {
  const rows = await database.read(database.query.selectFrom('site').select('name').orderBy('name'))
  return rows.map(({ name }) => name)
}

/** The engines' rows differ in their prototypes. */
function plain<T extends object>(rows: readonly T[]): T[] {
  return rows.map((row) => ({ ...row }))
}

it('says which SQLite file cannot be opened, and why', async (t) => {
  const { dir, remove } = makeTempDir()
  t.after(remove)
  const file = `${dir}/kaijo.db`
  writeFileSync(file, 'something else'.repeat(100))
  const message = `${file} cannot be opened (file is not a database)`
  await assert.rejects(openDatabase({ kind: 'sqlite', file }), { name: 'DatabaseUnavailable', message })
})
