import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCharset } from '../../src/mail/charset.ts'

const TEXT = 'ユーザーが見つかりません'
const BYTES = {
  shift_jis: '8386815b8355815b82aa8ca982c282a982e882dc82b982f1',
  'euc-jp': 'a5e6a1bca5b6a1bca4acb8aba4c4a4aba4eaa4dea4bba4f3',
  'utf-8': Buffer.from(TEXT).toString('hex'),
}

describe('Japanese text', () => {
  for (const charset of ['shift_jis', 'euc-jp', 'utf-8'] as const) {
    for (const declared of [
      charset,
      'us-ascii',
      'iso-8859-1',
      'iso-2022-jp',
      'utf-8',
      'no-such',
      undefined,
    ]) {
      it(`in ${charset} is read when ${declared ?? 'nothing'} is declared`, () => {
        assert.equal(decodeCharset(Buffer.from(BYTES[charset], 'hex'), declared), TEXT)
      })
    }
  }

  it('in ISO-2022-JP is known by its escapes', () => {
    const bytes = Buffer.from('1b24422566213c2536213c242c382b2444242b246a245e243b24731b2842', 'hex')
    for (const declared of ['iso-2022-jp', 'us-ascii', 'shift_jis', undefined]) {
      assert.equal(decodeCharset(bytes, declared), TEXT)
    }
  })
})

describe('other text', () => {
  it('is read by its declared charset', () => {
    assert.equal(decodeCharset(Buffer.from('f0e8e2e5f2', 'hex'), 'windows-1251'), 'ривет')
    assert.equal(decodeCharset(Buffer.from('636166e9', 'hex'), 'iso-8859-1'), 'café')
  })

  it('is Windows-1252 where the declared charset cannot be right', () => {
    assert.equal(decodeCharset(Buffer.from('636166e9', 'hex'), 'utf-8'), 'café')
    assert.equal(decodeCharset(Buffer.from('636166e9', 'hex'), undefined), 'café')
  })

  it('is ASCII as it is', () => assert.equal(decodeCharset(Buffer.from('plain'), 'x-unknown'), 'plain'))
})
