import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseHeaderBlock } from '../../src/mail/header-block.ts'
import { applyStamp, decideStamp, type StampOffer } from '../../src/mail/stamping.ts'

const own = 'https://customer.example/u'
const filterUrl = 'https://kaijo.example/filter/-t'
const senderUrl = 'https://kaijo.example/sender/-t'
const mailto = 'mailto:unsub@in.example?subject=t'
const post = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n'

const head = (lines: string) => parseHeaderBlock(Buffer.from(lines))
const plain = 'From: a@b.c\r\nSubject: s\r\n'
const oneClick = `${plain}List-Unsubscribe:\r\n <https://theirs.example/u>\r\nlist-unsubscribe-post:  List-Unsubscribe=One-Click\r\n`

function stamped(lines: string, offer: Partial<StampOffer>): string {
  const fields = head(lines)
  const stamp = decideStamp(fields, { transactional: false, ...offer })
  return applyStamp(fields, stamp)
    .map(({ raw }) => raw)
    .join('')
}

describe('the first rule that fits decides:', () => {
  test('transactional mail is left as it is, even with a URL of its own', () => {
    const offer = { transactional: true, recipientUrl: own, filterUrl, senderUrl }
    assert.equal(stamped(oneClick, offer), oneClick)
    assert.equal(stamped(plain, offer), plain)
    assert.deepEqual(decideStamp(head(plain), offer), { action: 'leave', because: 'transactional' })
  })

  test('the recipient’s own URL goes before everything else and has no mailto of ours beside it', () => {
    const expected = `${plain}List-Unsubscribe: <${own}>\r\n${post}`
    assert.equal(stamped(plain, { recipientUrl: own, filterUrl, senderUrl, mailto }), expected)
    assert.equal(stamped(oneClick, { recipientUrl: own }), expected)
  })

  test('an https List-Unsubscribe of the message stays, byte for byte, with its Post field', () => {
    assert.equal(stamped(oneClick, { filterUrl, senderUrl, mailto }), oneClick)
  })

  test('an https List-Unsubscribe stays alone when it came without a Post field', () => {
    const lines = `${plain}List-Unsubscribe: <https://theirs.example/u>\r\n`
    assert.equal(stamped(lines, { senderUrl }), lines)
  })

  test('a filter’s URL goes before the sender’s', () => {
    assert.equal(
      stamped(plain, { filterUrl, senderUrl }),
      `${plain}List-Unsubscribe: <${filterUrl}>\r\n${post}`,
    )
  })

  test('a one-click sender’s URL comes last, with mailto when there is one', () => {
    assert.equal(
      stamped(plain, { senderUrl, mailto }),
      `${plain}List-Unsubscribe: <${senderUrl}>, <${mailto}>\r\n${post}`,
    )
  })

  test('mail of a sender that is not registered gets nothing', () => {
    const mailtoOnly = `${plain}List-Unsubscribe: <mailto:x@y.z>\r\n`
    assert.equal(stamped(mailtoOnly, { mailto }), mailtoOnly)
    assert.deepEqual(decideStamp(head(plain), { transactional: false }), {
      action: 'leave',
      because: 'not-registered',
    })
  })
})

describe('a stamp', () => {
  for (const [kind, field] of [
    ['mailto-only', 'List-Unsubscribe: <mailto:x@y.z>\r\n'],
    ['http', 'LIST-UNSUBSCRIBE : <http://x.example/>\r\n'],
    ['malformed', 'List-Unsubscribe: https://x.example/\r\n'],
    ['orphaned Post', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n'],
    ['repeated', 'List-Unsubscribe: <mailto:x@y.z>\r\nList-Unsubscribe: <https://x.example/>\r\n'],
  ]) {
    test(`replaces ${kind} fields by exactly one of each`, () => {
      assert.equal(
        stamped(`${field}${plain}${field}`, { senderUrl }),
        `${plain}List-Unsubscribe: <${senderUrl}>\r\n${post}`,
      )
    })
  }

  test('leaves other List fields alone', () => {
    const lines = `${plain}List-Id: <a.example>\r\nList-Unsubscribe-Other: x\r\n`
    assert.ok(stamped(lines, { senderUrl }).startsWith(lines))
  })

  test('takes the longest URL that fits a line and refuses a longer one', () => {
    const url = (length: number) => 'https://a.example/'.padEnd(length, 'x')
    assert.ok(stamped(plain, { recipientUrl: url(978) }).includes(url(978)))
    assert.throws(() => stamped(plain, { recipientUrl: url(979) }), { field: 'unsubscribeUrl' })
  })

  test('is refused for a recipient’s URL that is not https or would break out of its brackets', () => {
    for (const recipientUrl of [
      'http://a.example/',
      'https://a.example/>',
      'https://a.example/\r\nBcc: x',
      ' https://a/',
    ]) {
      assert.throws(() => stamped(plain, { recipientUrl }), {
        code: 'invalid-value',
        field: 'unsubscribeUrl',
      })
    }
  })
})
