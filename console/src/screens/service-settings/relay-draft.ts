import { api, bodyOf } from '../../api/client.ts'
import type { Saved } from '../../editing/use-editing.ts'

/** A relay as it is edited. The password is never known here: it is entered anew for each change. */
export interface RelayDraft {
  host: string
  /** '' is the usual one. */
  port: number | ''
  security: 'starttls' | 'tls'
  user: string
  password: string
}

const NO_RELAY: RelayDraft = { host: '', port: '', security: 'starttls', user: '', password: '' }

export const readRelay = (service: number) =>
  bodyOf(api.GET('/api/v1/services/{service}/relay', { params: { path: { service } } }))

export type RelayView = Awaited<ReturnType<typeof readRelay>>

export function savedRelay({ url, revision }: RelayView): Saved<RelayDraft> {
  return { values: url === null ? NO_RELAY : draftOf(url), revision }
}

const FORM = /^(smtps?):\/\/(?:([^:@/]*):[^@/]*@)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?\/?$/

/** By its form: not every browser finds the parts of a URL whose scheme is not the web's. */
function draftOf(url: string): RelayDraft {
  const [, scheme, user = '', host = '', port] = FORM.exec(url) ?? []
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? '' : Number(port),
    security: scheme === 'smtps' ? 'tls' : 'starttls',
    user: decodeURIComponent(user),
    password: '',
  }
}

export function urlOf({ host, port, security, user, password }: RelayDraft): string {
  const scheme = security === 'tls' ? 'smtps' : 'smtp'
  const credentials =
    user === '' && password === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`
  return `${scheme}://${credentials}${hostInUrl(host.trim())}${port === '' ? '' : `:${port}`}`
}

/** An IPv6 address has colons of its own. */
export function hostInUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

export const USUAL_PORT = { starttls: 25, tls: 465 } as const

/** Which field each sentence of the server is about, which knows a URL alone. */
const ABOUT: readonly (readonly [field: keyof RelayDraft, sentence: RegExp])[] = [
  ['port', /no port/],
  ['user', /^has a user name/],
  ['password', /password, or neither|masked password|^has a password/],
  ['host', /./],
]

export function fieldAbout(sentence: string): keyof RelayDraft {
  return ABOUT.find(([, pattern]) => pattern.test(sentence))?.[0] ?? 'host'
}
