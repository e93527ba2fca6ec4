import { isIP } from 'node:net'

const LABEL = '(?!-)[a-z0-9_-]{1,63}(?<!-)'
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i')

/** A host without the brackets that URLs put around IPv6 addresses. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

/** Whether text is an IP address (bare) or a host name, underscores allowed as container networks have them. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || isHostName(text)
}

/** Whether text is an ASCII domain name (RFC 1123) that cannot be mistaken for an IPv4 address. */
export function isDomain(text: string): boolean {
  return isHostName(text) && !text.includes('_')
}

/** Whether a host (bare) is this machine: `localhost`, a name below it (RFC 6761), 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return isIP(name) === 4 && name.startsWith('127.')
}

function isHostName(text: string): boolean {
  const lastLabel = text.slice(text.lastIndexOf('.') + 1)
  return text.length <= 253 && NAME.test(text) && !/^\d+$/.test(lastLabel)
}
