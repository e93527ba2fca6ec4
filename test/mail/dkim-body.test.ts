import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bodyHash } from '../../src/mail/dkim-body.ts'
import { fc, runs } from '../support/properties.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('base64')
const hashOf = (text: string) => bodyHash(Buffer.from(text, 'latin1'))

/** RFC 6376 §3.4.4, step by step. */
function relaxed(body: string): string {
  const lines = body.replace(/\r?\n/g, '\r\n').split('\r\n')
  const reduced = lines.map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (reduced.at(-1) === '') reduced.pop()
  return reduced.map((line) => `${line}\r\n`).join('')
}

test('no body, and one of blanks and line breaks alone, hash as nothing', () => {
  for (const body of ['', '\r\n\r\n', ' \t\r\n\n ']) assert.equal(hashOf(body), sha256(''))
})

test('the example of RFC 6376 §3.4.5 hashes as its relaxed form', () => {
  assert.equal(hashOf(' C \r\nD \t E\r\n\r\n\r\n'), sha256(' C\r\nD E\r\n'))
})

test('any body hashes as its relaxed form', () => {
  const piece = fc.constantFrom(' ', '\t', '\r\n', '\n', '\r', 'a', 'words', '\xff', '\0')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const body = pieces.join('')
      assert.equal(hashOf(body), sha256(relaxed(body)))
    }),
    { numRuns: runs(2_000) },
  )
})

test('long bodies hash as their relaxed form, wherever their pieces end', () => {
  const line = `${'base64'.repeat(12)}\r\n`
  for (const body of [
    line.repeat(3_000),
    'x'.repeat(200_000),
    ' \r\n'.repeat(100_000),
    `${'a \t b\n'.repeat(40_000)}end`,
    `a${'\r\n'.repeat(70_000)}b`,
    `${'x'.repeat(65_535)} \r\n${'y'.repeat(65_536)}  ${'z'.repeat(65_537)}`,
  ]) {
    assert.equal(hashOf(body), sha256(relaxed(body)))
  }
})

test('the recipients of one body share its hash', () => {
  const body = Buffer.from('once')
  const hash = bodyHash(body)
  body.write('more')
  assert.equal(bodyHash(body), hash)
  assert.notEqual(bodyHash(Buffer.from(body)), hash)
})
