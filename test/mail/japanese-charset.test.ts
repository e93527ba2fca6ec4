import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { composeHead } from '../../src/mail/compose.ts'
import { composeBody } from '../../src/mail/compose-body.ts'
import { decodeHeaderText } from '../../src/mail/header-text.ts'
import { encodeJapanese } from '../../src/mail/japanese-charset.ts'

const LONG = 'ワンクリック登録解除のお知らせ 〜 特別なご案内を、あなたに — お届けします。'.repeat(3)

describe('a Japanese charset', () => {
  it('holds what Japanese mail says, also the characters that tables disagree about', () => {
    for (const charset of ['iso-2022-jp', 'shift_jis'] as const) {
      const bytes = encodeJapanese('10〜20％、−5℃、髙橋①', charset)
      assert.match(new TextDecoder(charset).decode(bytes), /^10～20％、－5℃、髙橋①$/)
    }
  })

  it('is not used for text with a character that it lacks', () => {
    assert.equal(encodeJapanese('寿司 🍣', 'iso-2022-jp'), undefined)
    assert.equal(encodeJapanese('한국', 'shift_jis'), undefined)
  })

  it('ISO-2022-JP gets half-width katakana as full-width ones, voiced marks joined', () => {
    const bytes = encodeJapanese('ｶﾞｲﾄﾞ', 'iso-2022-jp')
    assert.equal(new TextDecoder('iso-2022-jp').decode(bytes), 'ガイド')
    assert.match(String(bytes), /^\x1b\$B[!-~]+\x1b\(B$/)
  })
})

describe('a mail in ISO-2022-JP', () => {
  const body = (text: string) => composeBody({ text }, { charset: 'iso-2022-jp' })
  const typeOf = ({ fields }: ReturnType<typeof body>) => fields.map(({ value }) => value)

  it('goes as 7bit, each line ending in ASCII', () => {
    const { fields, bytes } = body('こんにちは\nさようなら\n')
    assert.deepEqual(typeOf({ fields, bytes }), ['text/plain; charset=iso-2022-jp', '7bit'])
    for (const line of String(bytes).trimEnd().split('\r\n')) assert.match(line, /\x1b\(B$/)
  })

  it('goes as base64 where a line would be too long', () => {
    const { fields, bytes } = body('あ'.repeat(600))
    assert.equal(typeOf({ fields, bytes })[1], 'base64')
    assert.ok(
      String(bytes)
        .split('\r\n')
        .every(({ length }) => length <= 76),
    )
    const decoded = new TextDecoder('iso-2022-jp').decode(Buffer.from(String(bytes), 'base64'))
    assert.equal(decoded.trimEnd(), 'あ'.repeat(600))
  })

  it('falls back to UTF-8 part by part', () => {
    assert.equal(typeOf(body('🍣'))[0], 'text/plain; charset=utf-8')
  })

  it('has its subject and names in words that fit a line and decode one by one', () => {
    const from = { name: '株式会社サンプル お客様窓口', address: 'news@example.com' }
    const fields = composeHead({
      ...{ from, to: ['a@example.jp'], replyTo: from, cc: [from], subject: LONG },
      ...{ date: 0, messageId: '<1@example.com>', charset: 'iso-2022-jp' },
    })
    const shown = (name: string) => fields.find((field) => field.name === name)?.value ?? ''
    assert.equal(decodeHeaderText(shown('Subject')).replace(/[〜～—―]/g, '-'), LONG.replace(/[〜—]/g, '-'))
    for (const name of ['From', 'Reply-To', 'Cc']) {
      assert.equal(decodeHeaderText(shown(name)), `${from.name} <${from.address}>`)
      assert.match(shown(name), /^=\?ISO-2022-JP\?B\?/)
    }
    for (const { raw } of fields) {
      for (const line of raw.split('\r\n')) assert.ok(line.length <= 76, line)
    }
  })
})
