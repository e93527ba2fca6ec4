import { bareHost, isHost } from './host.ts'
import { refuse, refuseFor } from './mistake.ts'

/** Where a listener binds. Port 0 lets the system choose. An IPv6 host is bare. */
export type ListenAddress = { readonly host: string; readonly port: number }

const FORM = 'is not host:port, e.g. 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080'

/** Reads `host:port`, `[ipv6]:port`, `:port` or `port`. Without a host it is 127.0.0.1: nobody is let in by omission. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:(\[[^\]]*\]|[^:[\]]*):)?(\d{1,5})$/.exec(text) ?? refuse(FORM)
  const host = bareHost(match[1] || '127.0.0.1')
  const port = Number(match[2])
  refuseFor([!isHost(host) && FORM, port > 65_535 && 'has a port above 65535'])
  return { host, port }
}

/** The same, optionally preceded by `lmtp://` for clients that speak LMTP (RFC 2033), or by `smtp://`. */
export function parseInboundListen(text: string): { address: ListenAddress; protocol: 'smtp' | 'lmtp' } {
  const [, protocol = 'smtp', address = ''] = /^(?:(smtp|lmtp):\/\/)?(.*)$/is.exec(text) ?? []
  return { address: parseListenAddress(address), protocol: protocol.toLowerCase() as 'smtp' | 'lmtp' }
}

/** As in a URL: an IPv6 address stands in brackets (RFC 3986 §3.2.2). */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
