import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SmtpReplyReader } from '../../src/mail/smtp-reply-reader.ts'
import { fc } from '../support/properties.ts'

describe('the replies of a server', () => {
  it('are the same however their bytes come', () => {
    const bytes = Buffer.from(
      '220 ready\r\n250-mx\r\n250-SIZE\r\n250 OK\r\n550 ありません\r\nwhat?\r\n354\r\n',
    )
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: bytes.length })), (cuts) => {
        const reader = new SmtpReplyReader()
        const ends = [...cuts.sort((a, b) => a - b), bytes.length]
        const replies = ends.flatMap((end, index) => reader.read(bytes.subarray(ends[index - 1] ?? 0, end)))
        assert.deepEqual(replies, [
          '220 ready',
          '250-mx\r\n250-SIZE\r\n250 OK',
          '550 ありません',
          'what?',
          '354',
        ])
        assert.ok(reader.isEmpty)
      }),
    )
  })

  it('are read a character a byte where they are not UTF-8', () => {
    assert.deepEqual(new SmtpReplyReader().read(Buffer.from('550 \xff\r\n', 'latin1')), ['550 \xff'])
  })

  it('are not waited for when they have no end', () => {
    const reader = new SmtpReplyReader()
    reader.read(Buffer.from('250-a\r\n250'))
    assert.ok(!reader.isEmpty)
    const more = Buffer.from(`250-${'x'.repeat(996)}\r\n`)
    assert.throws(() => {
      for (let i = 0; i < 100; i++) reader.read(more)
    }, RangeError)
    assert.throws(() => new SmtpReplyReader().read(Buffer.alloc(100_000, 'x')), RangeError)
  })
})
