import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'

/**
 * Makes the reader of a request's client address, kept as evidence. X-Forwarded-For is believed, from the right, as far
 * as trusted proxies have written it; a part of it that is not an address ends that. IPv6 is shortened as RFC 5952
 * says, IPv4-mapped addresses are IPv4 and ports are dropped. Undefined once the connection is gone.
 */
export function clientAddressReader(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string | undefined {
  const trusted = proxyAddr.compile([...trustedProxies])
  const trust = (written: string, hop: number) => {
    const address = toAddress(written)
    return address !== undefined && trusted(address, hop)
  }
  return (request) =>
    proxyAddr
      .all(request, trust)
      .map(toAddress)
      .findLast((address) => address !== undefined)
}

/** Some proxies add the port (`192.0.2.1:4711`, `[2001:db8::1]:4711`). */
function toAddress(written: string | undefined): string | undefined {
  const match = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(written ?? '')
  const address = match?.[1] ?? match?.[2] ?? written ?? ''
  const version = isIP(address)
  if (version === 0) return undefined
  return version === 4 ? address : shorten(address)
}

function shorten(address: string): string {
  const hostname = URL.parse(`http://[${address.replace(/%.*$/, '')}]`)?.hostname.slice(1, -1) ?? address
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(hostname)
  if (!mapped) return hostname
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
