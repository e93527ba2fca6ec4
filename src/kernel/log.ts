import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino'
import { maskLocalPart } from './address.ts'

export type { Logger } from 'pino'

// A class id and the token after it; the class id stays, since it tells the list.
const TOKEN = /((?<![a-z2-7])[a-z2-7]{16}(?:\/|%2[Ff])-?)[\w-]{16,}/g
const SECRET_NAME = '(?:authorization|cookie|passw(?:or)?d|secret|api[-_]?key|access[-_]?token)'
const SECRET_FIELD = new RegExp(`${SECRET_NAME}$|^(?:pass|token)$`, 'i')
// The same names inside text: a query string, a form, a JSON body, a header line.
const SECRET_IN_TEXT = new RegExp(
  `(${SECRET_NAME}["'\\\\]{0,4}\\s{0,4}[=:]["'\\\\\\s]{0,4}(?:(?:bearer|basic)\\s{1,4})?)[^\\s"'\\\\&,;<>]+`,
  'gi',
)
const CREDENTIALS = /\b(bearer\s{1,4}|basic\s{1,4})[\w.~+/=-]{8,}/gi
const USER_INFO = /(?<=:\/\/)[^\s/?#@]+(?=@)/g

// Every pattern above needs one of these characters; most field names and many values have none.
const WORTH_A_LOOK = /[@＠%/=:\s]/

// An at sign as written, full-width, or percent-encoded any number of times.
const AT = /(@|＠|%(?:25)*40)/
// The inner length is bounded so that a text full of quotation marks is read in linear time; a local part is far
// shorter.
const QUOTED_LOCAL_PART = /(?:"(?:[^"\\]|\\.){0,130}"|"[^"]{0,130}")(?=@|＠|%(?:25)*40)/gsu
// What can stand in one addr-spec without quotes, and in the path and query of a URL around it.
const RUN = /[^\s\p{Cc}<>()[\],;:"\\]+/gu
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]*/u
// A path, or a parameter's name, before the address: kept, since the line would say nothing without it.
const URL_BEFORE = /^(?=[/?&]).*(?:\/|[?&][\w.-]*=)/

/**
 * A logger of JSON lines, to stdout unless a destination is given.
 *
 * Masking works on the finished line, the one place that everything passes through: message, arguments, child bindings,
 * errors with stacks and causes, and whatever other serializers add. Every string is masked by `maskText`, field names
 * too, and fields that are named like a secret (`authorization`, `apiKey`, …) lose their value, at any depth and in any
 * case.
 */
export function createLogger(options: { level: LevelWithSilent; destination?: DestinationStream }): Logger {
  const settings = { level: options.level, hooks: { streamWrite: maskLine } }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

/** Masks e-mail addresses (`t***@example.com`), tokens (`/abcdefghij234567/-…`) and credentials, in linear time. */
export function maskText(text: string): string {
  if (!WORTH_A_LOOK.test(text)) return text
  const bare = text
    .replace(TOKEN, '$1…')
    .replace(SECRET_IN_TEXT, '$1…')
    .replace(CREDENTIALS, '$1…')
    .replace(USER_INFO, '***')
  return AT.test(bare) ? bare.replace(QUOTED_LOCAL_PART, '***').replace(RUN, maskRun) : bare
}

/** Between two at signs are the domain of the first address and the local part of the second. */
function maskRun(run: string): string {
  const [first = '', ...rest] = run.split(AT)
  if (rest.length === 0) return run
  let masked = maskEnd(first)
  for (let i = 0; i < rest.length; i += 2) {
    const part = rest[i + 1] ?? ''
    masked += rest[i]
    if (i + 2 === rest.length) return masked + part
    const domain = DOMAIN.exec(part)?.[0] ?? ''
    masked += domain.length === part.length ? maskEnd(part) : domain + maskEnd(part.slice(domain.length))
  }
  return masked
}

function maskEnd(text: string): string {
  const kept = URL_BEFORE.exec(text)?.[0] ?? ''
  return kept.length === text.length ? text : kept + maskLocalPart(text.slice(kept.length))
}

function maskLine(line: string): string {
  return `${JSON.stringify(JSON.parse(line, maskField))}\n`
}

function maskField(name: string, value: unknown): unknown {
  if (SECRET_FIELD.test(name)) return '…'
  if (typeof value === 'string') return maskText(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [maskText(key), entry]))
}
