import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mentionedAddresses } from '../../src/mail/mentioned-addresses.ts'

const KEY = 'taro.yamada@example.jp'
const BASE64 = Buffer.from('To Taro.Yamada@example.jp').toString('base64')

describe('the addresses in a mail', () => {
  for (const [where, mail] of [
    ['a header', 'To: "Taro" <Taro.Yamada@Example.JP>\r\n\r\nHello'],
    ['an encoded word', `Subject: =?utf-8?B?${BASE64}?=\r\n\r\nHello`],
    ['a URL', 'Subject: x\r\n\r\nhttps://example.com/?to=taro.yamada%40example.jp&x=1'],
    ['a text without blanks', 'Subject: x\r\n\r\n宛先はtaro.yamada@example.jpです。'],
    ['the end of a sentence', 'Subject: x\r\n\r\nWrite to taro.yamada@example.jp.'],
    ['base64', `Content-Transfer-Encoding: base64\r\n\r\n${BASE64}`],
    [
      'quoted-printable, broken in two',
      'Content-Transfer-Encoding: quoted-printable\r\n\r\ntaro.yam=\r\nada=40example.jp',
    ],
    [
      'what a report returns',
      `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: =?utf-8?B?${BASE64}?=\r\n\r\nx\r\n--b--`,
    ],
  ] as const) {
    it(`are found in ${where}`, () => {
      assert.ok(mentionedAddresses(Buffer.from(mail))?.has(KEY))
    })
  }

  it('are not found within others', () => {
    const keys = mentionedAddresses(
      Buffer.from('To: x.taro.yamada@example.jp, taro.yamada@example.jp.example.com\n\n'),
    )
    assert.deepEqual([...(keys ?? [])], ['x.taro.yamada@example.jp', 'taro.yamada@example.jp.example.com'])
  })

  it('are too many to tell where somebody names a whole list', () => {
    const list = Array.from({ length: 10_001 }, (_, index) => `a${index}@example.jp`).join('\n')
    assert.equal(mentionedAddresses(Buffer.from(`Subject: x\n\n${list}`)), undefined)
  })

  it('are too many to tell where the same one stands everywhere', () => {
    const raw = Buffer.from(`Subject: x\n\n${'a@example.jp\n'.repeat(50_001)}`)
    assert.equal(mentionedAddresses(raw), undefined)
  })

  it('are looked for in bounded time', () => {
    for (const text of [
      'a'.repeat(2_000_000),
      'a='.repeat(1_000_000),
      'a@'.repeat(1_000_000),
      '='.repeat(2e6),
    ]) {
      const begun = performance.now()
      mentionedAddresses(Buffer.from(`Subject: x\n\n${text}`))
      assert.ok(performance.now() - begun < 30_000)
    }
  })
})
