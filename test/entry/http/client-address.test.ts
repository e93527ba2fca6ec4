import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'node:test'
import { clientAddressReader } from '../../../src/entry/http/client-address.ts'

const TRUSTED = ['loopback', '10.0.0.0/8']

describe('the client’s address', () => {
  const cases: Array<
    [what: string, socket: string | undefined, forwarded: string | undefined, address: string | undefined]
  > = [
    ['is the connection’s own', '192.0.2.1', undefined, '192.0.2.1'],
    ['is not what a stranger claims', '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['is what a trusted proxy says', '127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['is what the outermost trusted proxy saw', '::1', '203.0.113.9, 198.51.100.7, 10.1.2.3', '198.51.100.7'],
    ['is a proxy’s own when it speaks for itself', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['is IPv4 when it is written as IPv6', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['is IPv4 when it is written as IPv6 in hexadecimal', '::FFFF:C000:0201', undefined, '192.0.2.1'],
    ['is believed from a proxy that is written as IPv6', '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['is written in one way', '2001:DB8:0:0::0001', undefined, '2001:db8::1'],
    ['has no zone', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['has no port', '127.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['has no port after IPv6', '127.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    [
      'is believed through a proxy that adds its port',
      '127.0.0.1',
      '198.51.100.7, 10.0.0.9:80',
      '198.51.100.7',
    ],
    ['is the proxy’s when that names no address', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['is not looked for behind what is no address', '127.0.0.1', '198.51.100.7, <b>, 10.0.0.9', '10.0.0.9'],
    ['is unknown once the connection is gone', undefined, '198.51.100.7', undefined],
  ]
  for (const [what, socket, forwarded, address] of cases) {
    it(what, () => assert.equal(clientAddressReader(TRUSTED)(arriving(socket, forwarded)), address))
  }

  it('is the connection’s own when nobody is trusted', () => {
    assert.equal(clientAddressReader([])(arriving('127.0.0.1', '198.51.100.7')), '127.0.0.1')
  })
})

/** As much of a request as counts here. */
function arriving(remoteAddress: string | undefined, forwarded: string | undefined): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage
}
