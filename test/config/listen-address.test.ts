import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatListenAddress, parseListenAddress } from '../../src/config/listen-address.ts'

describe('a listen address', () => {
  const accepted: Array<[text: string, host: string, port: number, written: string]> = [
    ['0.0.0.0:25', '0.0.0.0', 25, '0.0.0.0:25'],
    ['[::1]:65535', '::1', 65_535, '[::1]:65535'],
    ['mail_in:0', 'mail_in', 0, 'mail_in:0'],
    [':2525', '127.0.0.1', 2525, '127.0.0.1:2525'],
    ['2525', '127.0.0.1', 2525, '127.0.0.1:2525'],
  ]
  for (const [text, host, port, written] of accepted) {
    it(`reads ${text} as ${written}`, () => {
      assert.deepEqual(parseListenAddress(text), { host, port })
      assert.equal(formatListenAddress({ host, port }), written)
    })
  }

  for (const text of [
    'localhost',
    '::1:25',
    '1.2.3:25',
    '*:25',
    '127.0.0.1:65536',
    'a b:25',
    'http://h:25',
    '-a:1',
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => parseListenAddress(text), { name: 'Refusal' }))
  }
})
