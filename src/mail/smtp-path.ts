import { parseAddress } from '../kernel/address.ts'

/** Dot-string (RFC 5321 §4.1.2), its atoms widened by RFC 6531 §3.3. */
const DOT_STRING = /^[^\s"\\.()<>[\]:;@,\p{Cc}]+(?:\.[^\s"\\.()<>[\]:;@,\p{Cc}]+)*$/u

/**
 * An address as it stands between the brackets of MAIL and RCPT: the local part as given, in quotes where SMTP requires
 * them (old docomo and au addresses), the domain as DNS has it. Undefined for an invalid address.
 */
export function smtpPath(address: string): string | undefined {
  const parsed = parseAddress(address)
  if (!parsed) return undefined
  const local = parsed.address.slice(0, parsed.address.lastIndexOf('@'))
  const bare = local.startsWith('"') || DOT_STRING.test(local)
  return `${bare ? local : `"${local}"`}@${parsed.domain}`
}

/** What may stand in MAIL without quotes and escapes, including addresses at a bare host name or an address literal. */
const PLAIN_PATH = /^[\w!#$%&'*+/=?^`{|}~.-]+@(?:[a-z\d.-]+|\[[a-z\d.:]+\])$/i

/** The same for an envelope sender: '' is the null sender, and it may be at a host that has no public name. */
export function senderPath(address: string): string | undefined {
  if (address === '') return ''
  return smtpPath(address) ?? (PLAIN_PATH.test(address) ? address : undefined)
}
