import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mostOctets, readEhlo } from '../../src/mail/ehlo.ts'

describe('what a server offers', () => {
  it('stands in every line but the first, in any case, with its parameters', () => {
    const offers = readEhlo(
      '250-mx.example.com PIPELINING\r\n250-size 10240\n250-AUTH PLAIN LOGIN\n250 8BITMIME',
    )
    assert.deepEqual(Object.fromEntries(offers), { SIZE: '10240', AUTH: 'PLAIN LOGIN', '8BITMIME': '' })
  })

  it('is nothing after HELO, or where lines are none of SMTP', () => {
    assert.equal(readEhlo('250 mx.example.com').size, 0)
    assert.equal(readEhlo('250-mx\nSMTPUTF8\n550 SMTPUTF8\n250 -x').size, 0)
  })

  it('bounds the size of a message where it names a number other than 0', () => {
    for (const [line, most] of [
      ['SIZE 1000', 1_000],
      ['SIZE 0', Number.POSITIVE_INFINITY],
      ['SIZE', Number.POSITIVE_INFINITY],
      ['SIZE lots', Number.POSITIVE_INFINITY],
      ['DSN', Number.POSITIVE_INFINITY],
    ] as const) {
      assert.equal(mostOctets(readEhlo(`250-mx\n250 ${line}`)), most)
    }
  })
})
