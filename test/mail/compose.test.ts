import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import PostalMime from 'postal-mime'
import { composeHead, type MailHead } from '../../src/mail/compose.ts'
import { composeBody, type MailContent } from '../../src/mail/compose-body.ts'
import { joinMessage, parseHeaderBlock, splitMessage } from '../../src/mail/header-block.ts'
import { decodeHeaderText } from '../../src/mail/header-text.ts'
import { fc } from '../support/properties.ts'

const mail = {
  from: { name: '株式会社カイジョ', address: 'news@example.com' },
  to: ['reader@example.net'],
  subject: '秋のお知らせ',
  text: 'hello',
  date: Date.UTC(2026, 8, 3, 1, 2, 3),
  messageId: '<7.42@example.com>',
}
const compose = (whole: MailHead & MailContent) => {
  const { fields, bytes } = composeBody(whole)
  return joinMessage([...composeHead(whole), ...fields], bytes)
}
const head = (change: object) => composeHead({ ...mail, ...change })
const names = (change: object) => head(change).map(({ name }) => name)
const rawOf = (name: string, change: object) => head(change).find((field) => field.name === name)?.raw
const refusesFor = (field: string) => ({ name: 'DomainError', code: 'invalid-value', field })

describe('a composed message', () => {
  test('has the fields that it needs and no others', () => {
    const fields = parseHeaderBlock(splitMessage(compose(mail)).head)
    assert.deepEqual(
      fields.map(({ name }) => name),
      [
        'From',
        'To',
        'Subject',
        'Date',
        'Message-ID',
        'MIME-Version',
        'Content-Type',
        'Content-Transfer-Encoding',
      ],
    )
    assert.equal(fields[3]?.value, 'Thu, 03 Sep 2026 01:02:03 +0000')
    assert.equal(fields[4]?.value, '<7.42@example.com>')
  })

  test('is read back by another parser as it was meant', async () => {
    const parsed = await PostalMime.parse(
      compose({
        ...mail,
        to: [{ name: 'Doe, "J"', address: 'j@例え.jp' }, 'abc..def@docomo.ne.jp'],
        cc: ['c@example.net'],
        replyTo: { name: '窓口', address: 'help@example.com' },
        html: '<p>こんにちは</p>',
        headers: { 'List-Id': '<a.example.com>', 'X-Note': '注' },
      }),
    )
    assert.deepEqual(parsed.from, { name: '株式会社カイジョ', address: 'news@example.com' })
    assert.deepEqual(
      parsed.to?.map(({ name, address }) => [name, address?.replaceAll('"', '')]),
      [
        ['Doe, "J"', 'j@xn--r8jz45g.jp'],
        ['', 'abc..def@docomo.ne.jp'],
      ],
    )
    assert.equal(parsed.cc?.[0]?.address, 'c@example.net')
    assert.deepEqual(parsed.replyTo, [{ name: '窓口', address: 'help@example.com' }])
    assert.equal(parsed.subject, '秋のお知らせ')
    assert.equal(parsed.html?.trim(), '<p>こんにちは</p>')
    assert.equal(decodeHeaderText(parsed.headers.find(({ key }) => key === 'x-note')?.value ?? ''), '注')
  })

  test('is the same to the byte when it is composed again', () => {
    const both = { ...mail, html: '<p>x</p>' }
    assert.deepEqual(compose(both), compose(both))
  })

  test('has only CRLF and no long line, whatever its content', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'あ', ' ', '"', ',', '<', '.', '=?'),
      maxLength: 400,
    })
    fc.assert(
      fc.property(text, text, text, (subject, name, content) => {
        const raw = compose({
          ...mail,
          from: { name, address: 'a@b.c' },
          subject,
          html: content,
          headers: { 'X-A': subject },
        })
        const lines = raw.toString('latin1').split('\r\n')
        assert.ok(lines.every((line) => line.length <= 998 && !/[\r\n]/.test(line)))
        assert.equal(parseHeaderBlock(splitMessage(raw).head).filter(({ name }) => name === '').length, 0)
      }),
    )
  })
})

describe('extra headers', () => {
  test('keep their spelling and come before MIME-Version', () => {
    assert.deepEqual(names({ headers: { 'x-MyApp-ID': '1', 'List-Id': '<a.b>' } }).slice(-3), [
      'x-MyApp-ID',
      'List-Id',
      'MIME-Version',
    ])
  })

  test('of ASCII go out as they are, on one line', () => {
    const url = `<https://a.example/${'x'.repeat(200)}>`
    assert.equal(
      rawOf('List-Unsubscribe', { headers: { 'List-Unsubscribe': url } }),
      `List-Unsubscribe: ${url}\r\n`,
    )
    assert.equal(rawOf('X-Json', { headers: { 'X-Json': '{"a": "b"}' } }), 'X-Json: {"a": "b"}\r\n')
  })

  test('that hold addresses encode the names alone', () => {
    assert.match(
      rawOf('Reply-To', { headers: { 'Reply-To': '窓口 <help@example.com>' } }) ?? '',
      /\?= <help@example\.com>\r\n$/,
    )
    assert.throws(() => head({ headers: { 'Reply-To': 'nobody' } }), refusesFor('headers.Reply-To'))
  })

  for (const name of [
    'From',
    'to',
    'Bcc',
    'Subject',
    'DATE',
    'message-id',
    'Mime-Version',
    'Content-Type',
    'content-x',
    'DKIM-Signature',
    'Received',
    'Return-Path',
    'Bad Name',
    'From ',
    '',
  ]) {
    test(`may not be named ${JSON.stringify(name)}`, () => {
      assert.throws(() => head({ headers: { [name]: 'a@b.c' } }), refusesFor(`headers.${name}`))
    })
  }

  test('may not repeat a field that was given by itself', () => {
    assert.throws(() => head({ cc: ['a@b.c'], headers: { CC: 'd@e.f' } }), refusesFor('headers.CC'))
    assert.throws(
      () => head({ replyTo: 'a@b.c', headers: { 'Reply-To': 'd@e.f' } }),
      refusesFor('headers.Reply-To'),
    )
  })
})

describe('nothing gets a line of its own into the head', () => {
  const broken = ['x\r\nBcc: y@z.w', 'x\ny', 'x\ry', 'x\0y']
  for (const bad of broken) {
    test(`by ${JSON.stringify(bad)}`, () => {
      assert.throws(() => head({ subject: bad }), refusesFor('subject'))
      assert.throws(() => head({ from: { name: bad, address: 'a@b.c' } }), refusesFor('from'))
      assert.throws(() => head({ from: `${bad}@b.c` }), refusesFor('from'))
      assert.throws(() => head({ to: ['a@b.c', `a@${bad}`] }), refusesFor('to[1]'))
      assert.throws(() => head({ messageId: `<${bad}@b.c>` }), refusesFor('messageId'))
      assert.throws(() => head({ headers: { 'X-A': bad } }), refusesFor('headers.X-A'))
      assert.throws(() => head({ headers: { Sender: `${bad} <a@b.c>` } }), refusesFor('headers.Sender'))
      assert.throws(() => head({ headers: { [`X${bad}`]: 'a' } }), refusesFor(`headers.X${bad}`))
    })
  }

  test('and an address stays one address', () => {
    for (const bad of ['a@b.c>, <d@e.f', 'a@b.c, d@e.f', '"a<b"@c.d', 'a', '@b.c', 'a@', '']) {
      assert.throws(() => head({ replyTo: bad }), refusesFor('replyTo'))
    }
    assert.equal(rawOf('To', { to: ['"a,b"@c.d'] }), 'To: <"a,b"@c.d>\r\n')
  })

  test('and there must be someone to write to', () => {
    assert.throws(() => head({ to: [] }), refusesFor('to'))
  })
})
