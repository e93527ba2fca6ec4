/**
 * Whom a client address stands for: of IPv6, as RFC 5952 writes it, the first 64 bits, which one customer has to itself
 * (RFC 6177), with more addresses in them than anybody could count one by one; IPv4 as it is.
 */
export function clientNetwork(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right].slice(0, 4).join(':')
}
