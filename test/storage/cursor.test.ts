import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCursor, encodeCursor } from '../../src/storage/cursor.ts'

const KINDS = ['integer', 'text', 'integer'] as const

describe('a cursor', () => {
  it('gives back the position that it was made of, and is fit for a query string', () => {
    for (const position of [
      [0, '', -1],
      [Number.MAX_SAFE_INTEGER, '"日本語 \u{1f600}"@例え.jp', 7],
    ]) {
      const cursor = encodeCursor(position)
      assert.match(cursor, /^[\w-]+$/)
      assert.deepEqual(decodeCursor(cursor, KINDS), position)
    }
  })

  it('refuses nonsense as a value that is wrong', () => {
    const positions = [
      [1, 'a'],
      [1, 'a', 2, 3],
      ['1', 'a', 2],
      [1, 2, 3],
      [1, null, 2],
      [1.5, 'a', 2],
      [1, 'a\0', 2],
    ]
    const texts = [
      '',
      'nonsense',
      '!!',
      Buffer.from('null').toString('base64url'),
      Buffer.from('{}').toString('base64url'),
    ]
    const lone = Buffer.from(String.raw`[1,"\ud800",2]`).toString('base64url')
    for (const cursor of [...(positions as (string | number)[][]).map(encodeCursor), ...texts, lone]) {
      assert.throws(() => decodeCursor(cursor, KINDS), { code: 'invalid-value', field: 'cursor' }, cursor)
    }
  })
})
