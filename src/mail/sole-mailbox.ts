import addressparser from 'nodemailer/lib/addressparser'
import { type Address, parseAddress } from '../kernel/address.ts'

/** In characters; a longer From is only meant to keep its readers busy. */
const LONGEST = 2_000
/** Quoted strings (RFC 5322 §3.2.4) and comments, which may nest once. */
const QUOTED = /"(?:[^"\\]|\\.)*"/gs
const COMMENT = /\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)/gs
/** One `<…>` at the end, whatever name stands before it. */
const ANGLED = /^[^<>]*<[^<>]*>\s*$/

/**
 * The one mailbox that a From field names, given its unfolded value; undefined for several, for a group, and for
 * anything that different readers could take for different mailboxes, such as two addresses in brackets or words beside
 * a bare one.
 */
export function soleMailbox(value: string): Address | undefined {
  if (value.length > LONGEST) return undefined
  const plain = value.replace(COMMENT, ' ').trim()
  const outside = plain.replace(QUOTED, '""')
  const [mailbox, another] = addressparser(plain)
  if (!mailbox || another || 'group' in mailbox) return undefined
  const isSole = outside.includes('<') || outside.includes('>') ? ANGLED.test(outside) : parseAddress(plain)
  return isSole ? parseAddress(mailbox.address ?? '') : undefined
}
