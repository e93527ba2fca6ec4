import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvHead, csvRecord, neutralised } from '../../src/exports/csv.ts'
import { fc } from '../support/properties.ts'

test('a field is quoted only where a comma, a quote or a line break needs it', () => {
  assert.equal(csvRecord(['a', 'b,c', 'd"e', 'f\ng', '', ' h ']), 'a,"b,c","d""e","f\ng",, h \r\n')
})

test('a tab stands before what a spreadsheet would calculate, and before nothing else', () => {
  for (const cell of ['=1+1@a.jp', '+a@a.jp', '-a@a.jp', '@a', '＝1', '\t=1', '\r=1']) {
    assert.equal(neutralised(cell), `\t${cell}`)
  }
  for (const cell of ['a=1@a.jp', '', '"=1"@a.jp', '1']) assert.equal(neutralised(cell), cell)
})

test('a byte order mark stands before the first name, when it is asked for', () => {
  assert.equal(csvHead(['送信先アドレス', 'x'], { bom: true }), '\ufeff送信先アドレス,x\r\n')
  assert.equal(csvHead(['x'], { bom: false }), 'x\r\n')
})

test('whatever a record holds, another reader gets it back', () => {
  const field = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '解', ' ') })
  fc.assert(
    fc.property(fc.array(field, { minLength: 2, maxLength: 4 }), (fields) => {
      const text = csvRecord(fields)
      assert.deepEqual(readRecord(text), fields)
    }),
  )
})

/** One record by the grammar of RFC 4180 §2. */
function readRecord(text: string): string[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/gy
  return [...text.matchAll(field)].map(([, escaped, plain]) => escaped?.replaceAll('""', '"') ?? plain ?? '')
}
