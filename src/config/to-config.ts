import { join, resolve } from 'node:path'
import type { MasterKey } from '../kernel/keyring.ts'
import { dataDirMistakes } from './data-dir.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { isDomain } from './host.ts'
import {
  formatListenAddress,
  type ListenAddress,
  parseInboundListen,
  parseListenAddress,
} from './listen-address.ts'
import { parseMasterKeys } from './master-key.ts'
import { ConfigError, type Mistake, Refusal, refuse, refuseFor } from './mistake.ts'
import { type PublicUrl, parsePublicUrl } from './public-url.ts'
import { type RawEnv, readEnv, VARIABLES, type Variable } from './read-env.ts'
import { isReadableFile } from './readable-file.ts'
import { parseRelayUrl, type Relay } from './relay.ts'
import { readSecretKeys } from './secret-keys-file.ts'
import { readCertificate, readPrivateKey } from './tls-files.ts'
import { parseTrustedProxies } from './trusted-proxies.ts'

const SERVICES = ['http', 'smtp', 'inbound', 'worker'] as const
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const LISTENERS = [
  'KAIJO_HTTP_LISTEN',
  'KAIJO_SMTP_LISTEN',
  'KAIJO_SMTPS_LISTEN',
  'KAIJO_INBOUND_LISTEN',
  'KAIJO_PUBLIC_LISTEN',
] as const

/** A part of Kaijo that a process may run. */
type Service = (typeof SERVICES)[number]
type LogLevel = (typeof LOG_LEVELS)[number]

/** The whole configuration, checked. Paths are absolute. */
export type Config = {
  readonly dataDir: string
  readonly database:
    | { readonly kind: 'sqlite'; readonly file: string }
    | { readonly kind: 'postgres'; readonly url: string }
  readonly publicUrl: PublicUrl
  readonly httpListen: ListenAddress
  readonly smtpListen: ListenAddress
  /** A listener for mail by TLS from the first byte on (RFC 8314 §3.3). */
  readonly smtpsListen?: ListenAddress
  /** Octets of a message that comes by SMTP. */
  readonly smtpMaxSize: number
  /** Of each SMTP listener. */
  readonly smtpMaxConnections: number
  readonly inboundListen: ListenAddress
  readonly inboundProtocol: 'smtp' | 'lmtp'
  /** A listener for the public endpoint and pages alone. */
  readonly publicListen?: ListenAddress
  /** Where people reach the console, without a slash at its end. */
  readonly consoleUrl: string
  /** Single sign-on of people, by OpenID Connect. */
  readonly oidc?: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string }
  /** For `proxy-addr`; empty when nobody's X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  /** Without one, mail is kept and can be read back. */
  readonly relay?: Relay
  readonly inboundDomain?: string
  /** How long, in days, mail that came in for no service is kept. */
  readonly inboundDays: number
  /** How long, in days, the record of who did what is kept. */
  readonly auditDays: number
  readonly services: ReadonlySet<Service>
  /** Newest first; without them the keys are in the data directory. */
  readonly secretKeys?: readonly MasterKey[]
  readonly logLevel: LogLevel
}

/**
 * Reads the configuration from environment variables, and what they name: certificates and the data directory with the
 * key file, if it is there. Throws a ConfigError with all mistakes at once.
 */
export function toConfig(env: NodeJS.ProcessEnv): Config {
  const { raw, mistakes } = readEnv(env)
  const read = reader(raw, mistakes)

  const dataDir = resolve(raw.KAIJO_DATA_DIR ?? './data')
  const databaseUrl = read('KAIJO_DATABASE_URL', parseDatabaseUrl)
  const smtpsListen = read('KAIJO_SMTPS_LISTEN', parseListenAddress)
  const publicListen = read('KAIJO_PUBLIC_LISTEN', parseListenAddress)
  const tls = readTls(raw, read, mistakes)
  const relay = read('KAIJO_RELAY_URL', parseRelayUrl)
  const inboundDomain = read('KAIJO_INBOUND_DOMAIN', parseDomain)
  const inbound = read('KAIJO_INBOUND_LISTEN', parseInboundListen) ?? parseInboundListen(':2526')
  const secretKeys = read('KAIJO_SECRET_KEYS', parseMasterKeys)
  const httpListen = read('KAIJO_HTTP_LISTEN', parseListenAddress) ?? parseListenAddress(':8080')
  const consoleUrl = read('KAIJO_CONSOLE_URL', parseConsoleUrl)
  const oidc = readOidc(raw, read, mistakes)
  const config: Config = {
    dataDir,
    database: databaseUrl
      ? { kind: 'postgres', url: databaseUrl }
      : { kind: 'sqlite', file: join(dataDir, 'kaijo.db') },
    publicUrl: read('KAIJO_PUBLIC_URL', parsePublicUrl) ?? parsePublicUrl('http://localhost:8080'),
    httpListen,
    smtpListen: read('KAIJO_SMTP_LISTEN', parseListenAddress) ?? parseListenAddress(':2525'),
    ...(smtpsListen && { smtpsListen }),
    smtpMaxSize: read('KAIJO_SMTP_MAX_SIZE', parseMessageSize) ?? 26_214_400,
    smtpMaxConnections: read('KAIJO_SMTP_MAX_CONNECTIONS', parseConnections) ?? 500,
    inboundListen: inbound.address,
    inboundProtocol: inbound.protocol,
    ...(publicListen && { publicListen }),
    consoleUrl: consoleUrl ?? `${tls ? 'https' : 'http'}://localhost:${httpListen.port}`,
    ...(oidc && { oidc }),
    trustedProxies: read('KAIJO_TRUSTED_PROXIES', parseTrustedProxies) ?? [],
    ...(tls && { tls }),
    ...(relay && { relay }),
    ...(inboundDomain && { inboundDomain }),
    inboundDays: read('KAIJO_INBOUND_DAYS', parseDays) ?? 30,
    auditDays: read('KAIJO_AUDIT_DAYS', parseDays) ?? 3_650,
    services: read('KAIJO_SERVICES', parseServices) ?? new Set(SERVICES),
    ...(secretKeys && { secretKeys }),
    logLevel: read('KAIJO_LOG_LEVEL', parseLogLevel) ?? 'info',
  }
  mistakes.push(...dataDirMistakes(dataDir))
  if (!raw.KAIJO_SECRET_KEYS) mistakes.push(...keyFileMistakes(dataDir))
  mistakes.push(...sharedListeners(config, mistakes))
  if (mistakes.length > 0) throw new ConfigError(inOrder(mistakes))
  return Object.freeze(config)
}

type Read = <T>(variable: Variable, parse: (text: string) => T) => T | undefined

/** Reads one variable after another; a refused one leaves a mistake behind and reads as unset. */
function reader(raw: RawEnv, mistakes: Mistake[]): Read {
  return (variable, parse) => {
    const text = raw[variable]
    if (text === undefined) return undefined
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      mistakes.push(...error.reasons.map((message) => ({ variable, message })))
      return undefined
    }
  }
}

function readTls(raw: RawEnv, read: Read, mistakes: Mistake[]): Config['tls'] {
  const cert = read('KAIJO_TLS_CERT', parseCertificate)
  const key = read('KAIJO_TLS_KEY', parsePrivateKey)
  if (raw.KAIJO_TLS_CERT && !raw.KAIJO_TLS_KEY) {
    mistakes.push({ variable: 'KAIJO_TLS_KEY', message: 'is needed beside KAIJO_TLS_CERT' })
  }
  if (raw.KAIJO_TLS_KEY && !raw.KAIJO_TLS_CERT) {
    mistakes.push({ variable: 'KAIJO_TLS_CERT', message: 'is needed beside KAIJO_TLS_KEY' })
  }
  if (!cert || !key) return undefined
  if (!cert.certificate.checkPrivateKey(key.privateKey)) {
    mistakes.push({ variable: 'KAIJO_TLS_KEY', message: 'is not the key of KAIJO_TLS_CERT' })
  }
  return { certFile: cert.file, keyFile: key.file }
}

function readOidc(raw: RawEnv, read: Read, mistakes: Mistake[]): Config['oidc'] {
  const issuer = read('KAIJO_OIDC_ISSUER', parseIssuer)
  const { KAIJO_OIDC_CLIENT_ID: clientId, KAIJO_OIDC_CLIENT_SECRET: clientSecret } = raw
  const variables = ['KAIJO_OIDC_ISSUER', 'KAIJO_OIDC_CLIENT_ID', 'KAIJO_OIDC_CLIENT_SECRET'] as const
  const set = variables.filter((variable) => raw[variable])
  if (set.length > 0) {
    const missing = variables.filter((variable) => !raw[variable])
    mistakes.push(...missing.map((variable) => ({ variable, message: `is needed beside ${set[0]}` })))
  }
  return issuer && clientId && clientSecret ? { issuer, clientId, clientSecret } : undefined
}

function parseIssuer(text: string): string {
  const { href, prefix } = parsePublicUrl(text)
  return href + (text.endsWith('/') && prefix === '' ? '/' : '')
}

function parseConsoleUrl(text: string): string {
  const { href, prefix } = parsePublicUrl(text)
  return prefix === '' ? href : refuse('must not have a path: the console is at /console')
}

function parseCertificate(text: string) {
  const file = parseFile(text)
  try {
    return { file, certificate: readCertificate(file) }
  } catch {
    return refuse('is not a certificate in PEM')
  }
}

function parsePrivateKey(text: string) {
  const file = parseFile(text)
  try {
    return { file, privateKey: readPrivateKey(file) }
  } catch {
    return refuse('is not a private key in PEM without a passphrase')
  }
}

function parseFile(text: string): string {
  const file = resolve(text)
  return isReadableFile(file) ? file : refuse('is not a file that can be read')
}

/** RFC 5321 §4.5.3.1.7 asks for 64 KB at least. */
function parseMessageSize(text: string): number {
  return parseCount(text, { least: 65_536, most: 104_857_600 })
}

function parseConnections(text: string): number {
  return parseCount(text, { least: 1, most: 100_000 })
}

function parseDays(text: string): number {
  return parseCount(text, { least: 1, most: 36_500 })
}

function parseCount(text: string, { least, most }: { least: number; most: number }): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  return count >= least && count <= most ? count : refuse(`is not a whole number from ${least} to ${most}`)
}

function parseDomain(text: string): string {
  return isDomain(text)
    ? text.toLowerCase()
    : refuse('is not a domain name (an international one is written as xn--…)')
}

function parseServices(text: string): Set<Service> {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  const known: readonly string[] = SERVICES
  const form = `is not one of ${SERVICES.join(', ')}`
  refuseFor(names.map((name, index) => !known.includes(name) && `item ${index + 1} ${form}`))
  return new Set(SERVICES.filter((service) => names.includes(service)))
}

function parseLogLevel(text: string): LogLevel {
  return (
    LOG_LEVELS.find((level) => level === text.toLowerCase()) ??
    refuse(`is not one of ${LOG_LEVELS.join(', ')}`)
  )
}

function keyFileMistakes(dataDir: string): readonly Mistake[] {
  try {
    readSecretKeys(dataDir)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
}

/**
 * Two listeners cannot share an address; port 0 stands for a different port each time. A refused variable has no
 * address yet.
 */
function sharedListeners(config: Config, refused: readonly Mistake[]): Mistake[] {
  const { httpListen, smtpListen, smtpsListen, inboundListen, publicListen } = config
  const listeners = [httpListen, smtpListen, smtpsListen, inboundListen, publicListen]
  const addresses = listeners.map(
    (listener, index) =>
      listener &&
      listener.port !== 0 &&
      !refused.some(({ variable }) => variable === LISTENERS[index]) &&
      formatListenAddress(listener),
  )
  return LISTENERS.flatMap((variable, index) => {
    const address = addresses[index]
    const first = LISTENERS[addresses.indexOf(address)]
    return address && first && first !== variable
      ? [{ variable, message: `is the address of ${first} too; give each listener its own` }]
      : []
  })
}

/** By the order of VARIABLES, unknown ones last. */
function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  const rank = ({ variable }: Mistake) => {
    const index = (VARIABLES as readonly string[]).indexOf(variable)
    return index === -1 ? VARIABLES.length : index
  }
  return mistakes.toSorted((a, b) => rank(a) - rank(b))
}
