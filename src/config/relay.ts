import { bareHost, isHost } from './host.ts'
import { refuse } from './mistake.ts'

/** The mail server that everything is handed to. `secure` means TLS from the first byte; otherwise STARTTLS may follow. */
export type Relay = {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly credentials?: { readonly user: string; readonly pass: string }
}

const FORM = 'is not a URL like smtp://user:password@host:port (write reserved characters as %40 and so on)'

/** Reads `smtp://` (port 25 unless named) or `smtps://` (465). User name and password are percent-decoded. */
export function parseRelayUrl(text: string): Relay {
  const url = URL.parse(text) ?? refuse(FORM)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') refuse('does not begin with smtp:// or smtps://')
  if (!/^\/?$/.test(url.pathname) || /[?#]/.test(text)) refuse(`${FORM}; nothing may follow the port`)
  const host = bareHost(url.hostname)
  if (!isHost(host)) refuse('does not name a host')
  if (url.port === '0') refuse('has no port to connect to')

  const secure = url.protocol === 'smtps:'
  const port = url.port === '' ? (secure ? 465 : 25) : Number(url.port)
  const user = decode(url.username)
  const pass = decode(url.password)
  if (user === '' && pass === '') return { host, port, secure }
  if (user === '' || pass === '') refuse('needs both a user name and a password, or neither')
  return { host, port, secure, credentials: { user, pass } }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return refuse(FORM)
  }
}
