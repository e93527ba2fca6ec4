import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'
import { refuseFor } from './mistake.ts'

const RANGES = ['loopback', 'linklocal', 'uniquelocal']

/** Reads IP addresses, CIDR ranges and the names of proxy-addr's ranges, separated by commas. */
export function parseTrustedProxies(text: string): string[] {
  const proxies = text.split(',').map((item) => item.trim())
  const form = `is not an IP address, a CIDR range or one of ${RANGES.join(', ')}`
  refuseFor(proxies.map((proxy, index) => !isRange(proxy) && `item ${index + 1} ${form}`))
  return proxies
}

/** proxy-addr alone would take `10` for 0.0.0.10, so the address before the slash is checked first. */
function isRange(proxy: string): boolean {
  if (RANGES.includes(proxy)) return true
  if (isIP(proxy.replace(/\/.*$/, '')) === 0) return false
  try {
    proxyAddr.compile(proxy)
    return true
  } catch {
    return false
  }
}
