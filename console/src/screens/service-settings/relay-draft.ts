import { api, bodyOf } from '../../api/client.ts'
import type { Saved } from '../../editing/use-editing.ts'

/** A relay as it is edited. Its password is never known here: it has to be entered again for each change. */
export interface RelayDraft {
  host: string
  /** '' stands for the usual port. */
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

/** Parsed here, because not every browser finds the parts of a URL whose scheme is not one of the web's. */
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

/** Brackets are needed because an IPv6 address contains colons. */
export function hostInUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

export const USUAL_PORT = { starttls: 25, tls: 465 } as const

/** Maps each of the server's sentences to the field that it is about; the server itself knows only a URL. */
const ABOUT: readonly (readonly [field: keyof RelayDraft, sentence: RegExp])[] = [
  ['port', /no port/],
  ['user', /^has a user name/],
  ['password', /password, or neither|masked password|^has a password/],
  ['host', /./],
]

export function fieldAbout(sentence: string): keyof RelayDraft {
  return ABOUT.find(([, pattern]) => pattern.test(sentence))?.[0] ?? 'host'
}
