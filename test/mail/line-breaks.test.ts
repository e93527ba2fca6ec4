import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withCrlf } from '../../src/mail/line-breaks.ts'
import { fc } from '../support/properties.ts'

const converted = (text: string) => withCrlf(Buffer.from(text, 'latin1')).toString('latin1')

test('bare CR and bare LF become CRLF', () => {
  assert.equal(converted('a\nb\rc\r\nd'), 'a\r\nb\r\nc\r\nd')
  assert.equal(converted('\n\r\r\n\n'), '\r\n\r\n\r\n\r\n')
  assert.equal(converted('end\r'), 'end\r\n')
})

test('a message that has only CRLF is answered as it is, without a copy', () => {
  const raw = Buffer.from('a: b\r\n\r\nc\xff\r\n', 'latin1')
  assert.equal(withCrlf(raw), raw)
})

test('half of a header that hides behind a bare CR shows up as a line of its own', () => {
  assert.equal(converted('Subject: a\rBcc: b@c.d\r\n'), 'Subject: a\r\nBcc: b@c.d\r\n')
})

test('whatever the bytes, no bare CR or LF remains and nothing else is changed', () => {
  const bytes = fc.array(fc.constantFrom(0x0d, 0x0a, 0x61, 0xff), { maxLength: 30 })
  fc.assert(
    fc.property(bytes, (octets) => {
      const text = Buffer.from(octets).toString('latin1')
      assert.equal(converted(text), text.replace(/\r\n|\r|\n/g, '\r\n'))
    }),
  )
})
