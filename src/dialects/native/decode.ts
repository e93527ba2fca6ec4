import addressparser from 'nodemailer/lib/addressparser'
import { parseAddress } from '../../kernel/address.ts'
import { boundsOfDay } from '../../kernel/calendar.ts'
import { invalid } from '../../kernel/domain-error.ts'

export interface Mailbox {
  name?: string
  address: string
}

/** Reads `a@example.com` or `Name <a@example.com>`. Throws DomainError `invalid-value` for anything else. */
export function decodeMailbox(given: string, field: string): Mailbox {
  const bare = parseAddress(given)
  if (bare) return { address: bare.address }
  const [mailbox, ...others] = addressparser(given)
  if (!mailbox?.address || others.length > 0 || !parseAddress(mailbox.address)) {
    throw invalid(field, 'must be one mail address, bare or as Name <address>')
  }
  return mailbox.name === '' ? { address: mailbox.address } : { name: mailbox.name, address: mailbox.address }
}

/** A whole message, as text or in base64; the two cannot be confused, since the head of a message has a colon. */
export function decodeRaw(given: string): Buffer {
  const isBase64 = /^[\w+/=\s-]+$/.test(given)
  return Buffer.from(given, isBase64 ? 'base64' : 'utf8')
}

/**
 * The period from `from` to before `to`. Days are those of the zone, and both count in full. Throws DomainError
 * `invalid-value` when the period is empty.
 */
export function decodePeriod(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  timeZone: string,
): { from?: number; to?: number } {
  const start = from === undefined ? undefined : bound(from, timeZone, 'from')
  const end = to === undefined ? undefined : bound(to, timeZone, 'to')
  if (start !== undefined && end !== undefined && end <= start) throw invalid('to', 'must come after from')
  return { ...(start === undefined ? {} : { from: start }), ...(end === undefined ? {} : { to: end }) }
}

function bound(given: string, timeZone: string, side: 'from' | 'to'): number {
  return given.includes('T') ? Date.parse(given) : boundsOfDay(given, timeZone)[side]
}
