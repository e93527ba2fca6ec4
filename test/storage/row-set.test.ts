import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import type { Database, EngineName } from '../../src/storage/database.ts'
import { isStorableText, prepareRows, type RowOf, rowSet } from '../../src/storage/row-set.ts'
import { forEachEngine } from '../support/engines.ts'
import { fc, runs } from '../support/properties.ts'
import { sharedDatabase } from './shared-database.ts'

const COLUMNS = { label: 'text', number: 'integer', note: 'text' } as const
type Row = RowOf<typeof COLUMNS>

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  let database: Database

  it('gives back nulls, quotes, escapes, emoji and the ends of the safe integers as they are', async () => {
    database = shared()
    const rows: Row[] = [
      { label: null, number: null, note: null },
      { label: '', number: 0, note: 'null' },
      { label: 'NULL', number: -1, note: '{a,"b",NULL}' },
      { label: `'"\\ \\' {} , ; --`, number: Number.MAX_SAFE_INTEGER, note: '\t\r\n\u2028\u007f' },
      {
        label: '絵文字 \u{1f9d1}\u200d\u{1f4bb}',
        number: Number.MIN_SAFE_INTEGER,
        note: '\u{10ffff}\uffff\ufeff',
      },
      { label: '1e3', number: 1_000, note: '007' },
      { label: 'true', number: 1, note: '[1]' },
      { label: '1e3', number: 1_000, note: '007' },
    ]
    assert.deepEqual(await readBack(database, rows), rows)
  })

  it('serves a statement that is written once and run with one set of rows after another', async () => {
    database = shared()
    const read = prepareRows(database, 'given', COLUMNS, (given) =>
      database.query.selectFrom(given).selectAll().where('number', '>', 1).where('label', '!=', 'z'),
    )
    const row = (label: string, number: number): Row => ({ label, number, note: null })
    assert.deepEqual(await database.read(read([row('a', 1), row('b', 2), row('z', 3)])), [row('b', 2)])
    assert.deepEqual(await database.read(read([])), [])
    assert.deepEqual(await database.read(read([row('c', 9)])), [row('c', 9)])
  })

  it('gives back a column that stands alone as it is', async () => {
    database = shared()
    const texts = [null, '', 'null', '7', '[1]', '{"a":1}', `'"\\`, '絵文字', 'null']
    const labels = texts.map((label) => ({ label }))
    const text = rowSet(database, 'given', { label: 'text' }, labels)
    assert.deepEqual(await database.read(database.query.selectFrom(text).selectAll()), labels)
    const numbers = [null, 0, -1, Number.MAX_SAFE_INTEGER].map((number) => ({ number }))
    const integer = rowSet(database, 'given', { number: 'integer' }, numbers)
    assert.deepEqual(await database.read(database.query.selectFrom(integer).selectAll()), numbers)
  })

  it('may be empty', async () => {
    database = shared()
    assert.deepEqual(await readBack(database, []), [])
  })

  it('carries 20,000 rows in one statement', async () => {
    database = shared()
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      label: `person.${i}@example.com`,
      number: i,
      note: i % 2 ? null : 'あ'.repeat(20),
    }))
    assert.deepEqual(await readBack(database, rows), rows)
  })

  it('gives back whatever rows the contract allows', async () => {
    database = shared()
    const text = fc.option(fc.string({ unit: 'binary' }).filter(isStorableText))
    const row = fc.record({ label: text, number: fc.option(fc.maxSafeInteger()), note: text })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const whole = rows.map(({ number, ...others }) => ({ ...others, number: number === 0 ? 0 : number }))
        assert.deepEqual(await readBack(database, whole), whole)
      }),
      { numRuns: runs(100) },
    )
  })
})

for (const name of ['sqlite', 'postgres'] as const) {
  describe(`a row set for ${name}`, () => {
    it('refuses text that an engine cannot store', () => {
      for (const label of ['\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800', 'a\ud83d']) {
        assert.throws(() => build(name, { label, number: 1, note: null }), RangeError, JSON.stringify(label))
      }
    })

    it('refuses numbers that are no safe integers', () => {
      for (const number of [2 ** 53, -(2 ** 53), 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => build(name, { label: 'a', number, note: null }), RangeError, String(number))
      }
    })

    it('refuses values of another kind and columns that are missing, and names the column', () => {
      for (const note of [1, true, {}, [], undefined, 5n, Buffer.from('a')]) {
        assert.throws(() => build(name, { label: 'a', number: 1, note } as never), /column note/)
      }
      for (const number of ['1', true, 1n, undefined]) {
        assert.throws(() => build(name, { label: 'a', number, note: null } as never), /column number/)
      }
    })
  })
}

function build(engine: EngineName, ...rows: Row[]) {
  return rowSet({ engine }, 'given', COLUMNS, rows)
}

/** What the database reads from the row set, in its order. */
async function readBack(database: Database, rows: Row[]): Promise<Row[]> {
  const numbered = rows.map((row, place) => ({ ...row, place }))
  const given = rowSet(database, 'given', { ...COLUMNS, place: 'integer' }, numbered)
  const read = await database.read(
    database.query.selectFrom(given).select(['label', 'number', 'note']).orderBy(sql.ref('given.place')),
  )
  return read.map(({ label, number, note }) => ({ label, number, note }))
}
