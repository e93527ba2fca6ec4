import { parseAddress } from '../kernel/address.ts'

/** Dot-string (RFC 5321 §4.1.2), its atoms widened by RFC 6531 §3.3. */
const DOT_STRING = /^[^\s"\\.()<>[\]:;@,\p{Cc}]+(?:\.[^\s"\\.()<>[\]:;@,\p{Cc}]+)*$/u

/**
 * An address as MAIL and RCPT say it between their brackets: the local part as given, in quotes where SMTP wants
 * them (old docomo and au addresses), the domain as DNS has it. Answers undefined for what is no address.
 */
export function smtpPath(address: string): string | undefined {
  const parsed = parseAddress(address)
  if (!parsed) return undefined
  const local = parsed.address.slice(0, parsed.address.lastIndexOf('@'))
  const bare = local.startsWith('"') || DOT_STRING.test(local)
  return `${bare ? local : `"${local}"`}@${parsed.domain}`
}

/** Whatever may stand in MAIL without quotes and escapes, at a bare host name or an address literal too. */
const PLAIN_PATH = /^[\w!#$%&'*+/=?^`{|}~.-]+@(?:[a-z\d.-]+|\[[a-z\d.:]+\])$/i

/** The same of an envelope sender: '' is the null sender, and it may be at a host that has no name outside. */
export function senderPath(address: string): string | undefined {
  if (address === '') return ''
  return smtpPath(address) ?? (PLAIN_PATH.test(address) ? address : undefined)
}
