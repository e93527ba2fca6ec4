import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeHeaderText, textField } from '../../src/mail/encoded-word.ts'
import { decodeHeaderText } from '../../src/mail/header-text.ts'
import { fc } from '../support/properties.ts'

describe('decoding', () => {
  const cases: [value: string, text: string][] = [
    ['plain text', 'plain text'],
    ['=?UTF-8?B?44GK55+l44KJ44Gb?=', 'お知らせ'],
    ['=?ISO-2022-JP?B?GyRCJCpDTiRpJDsbKEI=?=', 'お知らせ'],
    ['=?shift_jis?B?gqiSbYLngrk=?=', 'お知らせ'],
    ['=?EUC-JP?Q?=A4=AA=C3=CE=A4=E9=A4=BB?=', 'お知らせ'],
    ['=?iso-8859-1?q?caf=E9_cr=E8me?= today', 'café crème today'],
    ['Re: =?utf-8*ja?Q?=E3=81=82?=', 'Re: あ'],
    ['=?UTF-8?B?5A==?= =?UTF-8?B?8A==?=', '\ufffd\ufffd'],
    ['=?no-such?X?abc?=', '=?no-such?X?abc?='],
    ['=?utf-8?Q?unfinished', '=?utf-8?Q?unfinished'],
  ]
  for (const [value, text] of cases) {
    test(`reads ${value}`, () => assert.equal(decodeHeaderText(value), text))
  }

  test('drops the blanks between words and keeps those beside plain text', () => {
    assert.equal(decodeHeaderText('a =?utf-8?Q?b?= \t =?utf-8?Q?c?= d'), 'a bc d')
  })

  test('joins a character that was split between two words', () => {
    assert.equal(decodeHeaderText('=?utf-8?Q?=E3=81?= =?utf-8?Q?=82?='), 'あ')
    assert.equal(decodeHeaderText('=?ISO-2022-JP?B?GyRCJCpD?= =?ISO-2022-JP?B?TiRpJDsbKEI=?='), 'お知らせ')
  })
})

describe('encoding', () => {
  test('leaves ASCII alone, quotes and brackets included', () => {
    for (const text of ['He said "hi" <now>', 'a=b; c="d"', '{"x": 1}', ''])
      assert.equal(encodeHeaderText(text), text)
  })

  test('leaves the encoded words that a caller wrote', () => {
    assert.equal(encodeHeaderText('=?ISO-2022-JP?B?GyRCJCobKEI=?='), '=?ISO-2022-JP?B?GyRCJCobKEI=?=')
  })

  test('takes Q for mostly Latin text and B for the rest', () => {
    assert.match(encodeHeaderText('Café crème'), /^=\?UTF-8\?Q\?/)
    assert.match(encodeHeaderText('お知らせ'), /^=\?UTF-8\?B\?/)
  })

  test('encodes ASCII that is too long for one line', () => {
    const field = textField('X-Long', 'a'.repeat(2000))
    assert.ok(field.raw.split('\r\n').every((line) => line.length <= 76))
    assert.equal(decodeHeaderText(field.value), 'a'.repeat(2000))
  })

  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom('あ', '𠮷', '👨‍👩‍👧', 'é', 'a', ' ', '"', '?', '='), maxLength: 200 }),
  )

  test('is undone by decoding, in words of at most 75 characters, each of whole characters', () => {
    fc.assert(
      fc.property(text, (original) => {
        const encoded = encodeHeaderText(original)
        if (encoded === original) return
        for (const word of encoded.split(' ')) {
          assert.ok(word.length <= 75, word)
          assert.match(word, /^=\?UTF-8\?[BQ]\?[!->@-~]*\?=$/)
        }
        const words = encoded.split(' ').map(decodeHeaderText)
        assert.equal(words.join(''), original, 'a word splits a character')
        assert.equal(decodeHeaderText(encoded), original)
      }),
    )
  })

  test('in a field keeps every line to 76 columns and decodes to the same text', () => {
    fc.assert(
      fc.property(
        text.map((original) => `あ${original}あ`),
        (original) => {
          const field = textField('Subject', original)
          assert.ok(field.raw.split('\r\n').every((line) => line.length <= 76))
          assert.equal(decodeHeaderText(field.value), original)
        },
      ),
    )
  })

  test('refuses line breaks and NUL, naming what the caller calls it', () => {
    for (const bad of ['a\rb', 'あ\nb', 'あ\r\nBcc: x@y.z', 'あ\0']) {
      assert.throws(() => textField('Subject', bad, 'subject'), { code: 'invalid-value', field: 'subject' })
    }
    assert.throws(() => textField('X Tag', 'あ', 'headers.X Tag'), {
      code: 'invalid-value',
      field: 'headers.X Tag',
    })
  })
})
