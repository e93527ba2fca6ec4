import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { csvRecord, neutralised } from '../../src/exports/csv.ts'
import { type FileFormat, type FileRecord, writeRecords } from '../../src/exports/records.ts'
import { fc } from '../support/properties.ts'

const COLUMNS = ['address', 'at', 'reason'] as const

const write = (
  pages: readonly FileRecord<(typeof COLUMNS)[number]>[][],
  format: Partial<FileFormat> = {},
) => {
  async function* given() {
    yield* pages
  }
  return text(writeRecords(COLUMNS, given(), { format: 'csv', bom: false, ...format }))
}

test('each line says what its own record holds, whatever stood in the lines before it', async () => {
  const cell = fc.constantFrom(null, '', '0', 0, 1, 'a', 'a,b', '"', '=1', '\t=1')
  const record = fc.record({ address: cell, at: cell, reason: cell })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(record, { maxLength: 4 }), { maxLength: 3 }), async (pages) => {
      const cells = pages.flat().map((row) => COLUMNS.map((name) => String(row[name] ?? '')))
      const lines = (records: readonly string[][]) => [[...COLUMNS], ...records].map(csvRecord).join('')
      assert.equal(await write(pages), lines(cells))
      assert.equal(
        await write(pages, { formulas: 'neutral' }),
        lines(cells.map((fields) => fields.map(neutralised))),
      )
    }),
  )
})

test('a line of JSON has the columns in their order, and null where there is nothing', async () => {
  const records = [{ reason: 'a,b', address: 'a@example.jp', at: null }]
  assert.equal(
    await write([records], { format: 'ndjson' }),
    '{"address":"a@example.jp","at":null,"reason":"a,b"}\n',
  )
})
