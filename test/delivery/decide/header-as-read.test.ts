import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatMailbox, headerAsRead } from '../../../src/delivery/decide/header-as-read.ts'

describe('a header as filters match it', () => {
  const sameMailbox: [written: string, read: string][] = [
    ['news@example.com', 'news@example.com'],
    [' <news@example.com> ', 'news@example.com'],
    ['News <news@example.com>', 'News <news@example.com>'],
    ['"News" <news@example.com>', 'News <news@example.com>'],
    ['"News, Inc" <news@example.com>', 'News, Inc <news@example.com>'],
    ['=?utf-8?B?44GK5bqX?=  <news@example.com>', 'お店 <news@example.com>'],
    ['お店 <news@example.com>', 'お店 <news@example.com>'],
    ['"a b"@example.com', '"a b"@example.com'],
    ['a@example.com,"B, C" <b@example.com>', 'a@example.com, B, C <b@example.com>'],
  ]
  for (const [written, read] of sameMailbox) {
    it(`reads ${JSON.stringify(written)} as ${read}, where mailboxes stand`, () => {
      for (const name of ['From', 'reply-to', 'Sender', 'To', 'Cc']) {
        assert.equal(headerAsRead(name, written), read)
      }
    })
  }

  it('keeps the quotes where no mailboxes stand, and decodes all the same', () => {
    assert.equal(headerAsRead('Subject', ' "Sale" <today> '), '"Sale" <today>')
    assert.equal(headerAsRead('List-Id', '=?utf-8?B?44GK5bqX?= <a.example.com>'), 'お店 <a.example.com>')
  })

  it('keeps what should be mailboxes and is none', () => {
    for (const value of ['', 'nobody', 'undisclosed-recipients:;']) {
      assert.equal(headerAsRead('To', value), value)
    }
  })

  it('is the same for a mailbox that came in parts', () => {
    assert.equal(formatMailbox({ address: 'a@example.com' }), 'a@example.com')
    assert.equal(formatMailbox({ name: '', address: 'a@example.com' }), 'a@example.com')
    assert.equal(formatMailbox({ name: 'A, B', address: 'a@example.com' }), 'A, B <a@example.com>')
    assert.equal(
      formatMailbox({ name: '=?utf-8?B?44GK5bqX?=', address: 'a@example.com' }),
      'お店 <a@example.com>',
    )
  })
})
