import { bareHost, isHost } from './host.ts'
import { refuse, refuseFor } from './mistake.ts'

/** The mail server that everything is handed to. `secure` means TLS from the first byte; otherwise STARTTLS may follow. */
export type Relay = {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly credentials?: { readonly user: string; readonly pass: string }
}

const SCHEME = 'does not begin with smtp:// or smtps://'
const FORM = 'is not a URL like smtp://user:password@host:port (write reserved characters as %40 and so on)'

/** Reads `smtp://` (port 25 unless named) or `smtps://` (465). User name and password are percent-decoded. */
export function parseRelayUrl(text: string): Relay {
  const url = URL.parse(text) ?? refuse(FORM)
  // Nothing more can be said of a text that does not begin with a scheme and `//`.
  if (!text.includes('://')) refuse(SCHEME)
  const host = bareHost(url.hostname)
  const user = decode(url.username)
  const pass = decode(url.password)
  refuseFor([
    url.protocol !== 'smtp:' && url.protocol !== 'smtps:' && SCHEME,
    (!/^\/?$/.test(url.pathname) || /[?#]/.test(text)) && `${FORM}; nothing may follow the port`,
    !isHost(host) && 'does not name a host',
    url.port === '0' && 'has no port to connect to',
    user === undefined && 'has a user name with a % that escapes nothing (write it as %25)',
    pass === undefined && 'has a password with a % that escapes nothing (write it as %25)',
    (url.username === '') !== (url.password === '') && 'needs both a user name and a password, or neither',
  ])

  const secure = url.protocol === 'smtps:'
  const port = url.port === '' ? (secure ? 465 : 25) : Number(url.port)
  return { host, port, secure, ...(user && pass && { credentials: { user, pass } }) }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
