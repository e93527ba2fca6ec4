import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeMailbox, decodePeriod, decodeRaw } from '../../../src/dialects/native/decode.ts'

test('a mailbox is a bare address or one with a name', () => {
  assert.deepEqual(decodeMailbox(' a@example.jp ', 'from'), { address: 'a@example.jp' })
  assert.deepEqual(decodeMailbox('<a@example.jp>', 'from'), { address: 'a@example.jp' })
  assert.deepEqual(decodeMailbox('"Acme, Inc." <a@example.jp>', 'from'), {
    name: 'Acme, Inc.',
    address: 'a@example.jp',
  })
  assert.deepEqual(decodeMailbox('配信 <a@example.jp>', 'from'), { name: '配信', address: 'a@example.jp' })
  assert.deepEqual(decodeMailbox('"a b"@example.jp', 'from'), { address: '"a b"@example.jp' })
})

test('a mailbox of a group, of several or of none is refused with its field', () => {
  for (const given of ['', 'Name', 'Name <>', 'a@b.jp, c@d.jp', 'g: a@b.jp;', 'a@b.jp <nobody>']) {
    assert.throws(() => decodeMailbox(given, 'replyTo'), { code: 'invalid-value', field: 'replyTo' }, given)
  }
})

test('a message is read as base64 only when it can be nothing else', () => {
  const message = 'From: a@example.jp\r\n\r\nx'
  assert.equal(decodeRaw(message).toString(), message)
  const wrapped = Buffer.from(message).toString('base64').replace(/.{10}/g, '$&\r\n')
  assert.equal(decodeRaw(wrapped).toString(), message)
})

test('a period of days begins and ends with days of the zone, also where one has 23 hours', () => {
  const period = decodePeriod({ from: '2026-03-08', to: '2026-03-08' }, 'America/New_York')
  assert.deepEqual(period, {
    from: Date.parse('2026-03-08T05:00:00Z'),
    to: Date.parse('2026-03-09T04:00:00Z'),
  })
  assert.deepEqual(decodePeriod({}, 'UTC'), {})
})

test('a period that ends before it begins is refused', () => {
  const moment = '2026-11-21T00:00:00Z'
  assert.throws(() => decodePeriod({ from: moment, to: moment }, 'UTC'), { field: 'to' })
})
