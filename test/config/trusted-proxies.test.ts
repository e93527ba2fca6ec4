import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseTrustedProxies } from '../../src/config/trusted-proxies.ts'

describe('trusted proxies', () => {
  it('are addresses, ranges and named ranges', () => {
    const text = '127.0.0.1, ::1,10.0.0.0/255.0.0.0,fc00::/7,loopback,uniquelocal'
    assert.deepEqual(parseTrustedProxies(text), text.split(/, ?/))
  })

  it('are refused for every bad item at once', () => {
    assert.throws(() => parseTrustedProxies('10,::1,proxy'), /item 1 is not .*\nitem 3 is not /)
  })

  for (const text of [
    '10',
    'proxy.example.com',
    '10.0.0.0/33',
    '0.0.0.0/0',
    '::/200',
    '10.0.0.0/x',
    'a,',
    '*',
  ]) {
    it(`cannot be ${text}`, () => assert.throws(() => parseTrustedProxies(text), /^Refusal: item \d/))
  }
})
