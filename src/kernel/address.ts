import { toASCII } from 'tr46'

export interface Address {
  /**
   * The addr-spec as it was given, without surrounding blanks or angle brackets. This is what is shown and written to
   * SMTP.
   */
  readonly address: string
  /** What addresses are compared by: two spellings are one recipient exactly when their keys are equal. */
  readonly key: string
  /** The domain of the key: A-labels, lower case, no trailing dot. */
  readonly domain: string
}

// RFC 5321 §4.5.3.1.1: a local part, its quotes included, in octets of UTF-8.
const MAX_LOCAL_OCTETS = 64
// A path of 256 octets (RFC 5321 §4.5.3.1.3) less its angle brackets. It leaves a domain 252 octets, so that the
// 255 of §4.5.3.1.2 and the 253 of DNS hold by themselves.
const MAX_ADDRESS_OCTETS = 254

// Dots may stand anywhere: docomo and au once handed out `abc..def@`, `abc.@` and `.abc@`, against RFC 5321's
// Dot-string.
const PLAIN_ASCII = /^[\w!#$%&'*+/=?^`{|}~.-]+$/
const PLAIN = /^[\w!#$%&'*+/=?^`{|}~.\-\u{80}-\u{10ffff}]+$/u
// Quoted-string of RFC 5321 §4.1.2, its qtext widened by RFC 6531 §3.3.
const QUOTED = /^"(?:[ !#-[\]-~\u{80}-\u{10ffff}]|\\[ -~])*"$/u
const NEEDS_ESCAPE = /["\\]/g
// No address may hold these, quoted or not. U+0020 is not among them since a quoted string may hold it. Zero-width
// characters come in by pasting. Angle brackets could stand in quotes (RFC 5321 §4.1.2), but such an address could not
// be mailed: the SMTP client knows them only as the ends of a path, and refuses or strips them, which would make a
// different recipient.
const FORBIDDEN = /[<>\p{Cc}\p{Zl}\p{Zp}\u200b\ufeff]|(?! )\p{Zs}/u
// What String.trim() would remove although it is not a blank; a line end here is an attempt at header injection.
const NOT_TRIMMED = /[\n\v\f\r\u2028\u2029\ufeff]/
const A_LABEL = /(?:^|\.)xn--/
// Letters, digits and inner hyphens, at least two labels, the last not all digits. Address literals and bare host names
// are refused on purpose: no mailing has such recipients, and `[127.0.0.1]` or `localhost` would be ourselves.
const HOST = /^(?:(?!-)[a-z\d-]{1,63}(?<!-)\.)+(?!\d+$)(?!-)[a-z\d-]{1,63}(?<!-)$/

/**
 * Reads one bare addr-spec, alone or in one pair of angle brackets; blanks around it are ignored.
 *
 * Valid is what RFC 5321 and RFC 6531 allow, except `<` and `>`, plus dots anywhere in the local part. Dots and `+tags`
 * are never folded. The limits hold for the address as given and for its key alike, so that a key is always an address
 * itself.
 *
 * @returns `undefined` when malformed; never throws.
 */
export function parseAddress(text: string): Address | undefined {
  return parseOrdinary(text) ?? parseAny(text)
}

/** The key of an address, or `undefined` when it is malformed. */
export function addressKey(text: string): string | undefined {
  return parseAddress(text)?.key
}

/**
 * Part of an address, with the labels of its domain written as keys have them; text without `@` may be part of a domain
 * as a whole.
 */
export function partInKeys(part: string): string {
  const domain = part.lastIndexOf('@') + 1
  const labels = part.slice(domain).split('.')
  const inKeys = labels.map((label) => (PLAIN_ASCII.test(label) ? label : (canonicalLabel(label) ?? label)))
  return part.slice(0, domain) + inKeys.join('.')
}

/**
 * An address made fit for logs and pages: `t***@example.com`. The letter is left out where it would give half of the
 * local part away.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? maskLocalPart(address) : maskLocalPart(address.slice(0, at)) + address.slice(at)
}

/** `t***`, or `***` for a local part that is quoted or shorter than three characters. */
export function maskLocalPart(local: string): string {
  return `${/^[\p{L}\p{N}](?=..)/su.exec(local)?.[0] ?? ''}***`
}

/**
 * The fast path for what nearly every row is: plain ASCII without A-labels. Where it answers, `parseAny` would answer
 * the same.
 */
function parseOrdinary(text: string): Address | undefined {
  if (text.length > MAX_ADDRESS_OCTETS) return undefined
  const at = text.indexOf('@')
  if (at < 1 || at > MAX_LOCAL_OCTETS || !PLAIN_ASCII.test(text.slice(0, at))) return undefined
  const key = text.toLowerCase()
  const domain = key.slice(at + 1)
  if (!HOST.test(domain) || A_LABEL.test(domain)) return undefined
  return { address: text, key, domain }
}

function parseAny(text: string): Address | undefined {
  if (NOT_TRIMMED.test(text) || !text.isWellFormed()) return undefined
  const address = withoutBrackets(text.trim())
  if (address.length > MAX_ADDRESS_OCTETS + 1 || FORBIDDEN.test(address)) return undefined
  const at = address.lastIndexOf('@')
  if (at < 1) return undefined
  const local = canonicalLocalPart(address.slice(0, at))
  const domain = local === undefined ? undefined : canonicalDomain(address.slice(at + 1))
  if (local === undefined || domain === undefined) return undefined
  const key = `${local}@${domain}`
  const fits =
    Math.max(octets(local), octets(address.slice(0, at))) <= MAX_LOCAL_OCTETS &&
    Math.max(octets(key), octets(withoutDot(address))) <= MAX_ADDRESS_OCTETS
  return fits ? { address, key, domain } : undefined
}

/**
 * Whether quotes are needed is decided last: lower-casing and NFC may turn a character into ASCII (U+037E becomes `;`).
 */
function canonicalLocalPart(local: string): string | undefined {
  const quoted = QUOTED.test(local)
  if (!quoted && !PLAIN.test(local)) return undefined
  const content = quoted ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local
  const folded = content.toLowerCase().normalize('NFC')
  return PLAIN.test(folded) ? folded : `"${folded.replace(NEEDS_ESCAPE, '\\$&')}"`
}

/** UTS 46 by tr46; `url.domainToASCII` decodes `%41.com` and takes `1.2.3` for `1.2.0.3`. */
function canonicalDomain(domain: string): string | undefined {
  const ascii = toASCII(domain, { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true })
  if (ascii === null) return undefined
  const host = withoutDot(ascii)
  return HOST.test(host) ? host : undefined
}

function canonicalLabel(label: string): string | undefined {
  return toASCII(label, { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true }) ?? undefined
}

function withoutBrackets(text: string): string {
  return text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text
}

function withoutDot(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text
}

function octets(text: string): number {
  return Buffer.byteLength(text)
}
