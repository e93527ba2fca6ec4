import addressparser from 'nodemailer/lib/addressparser'
import { parseAddress } from '../../kernel/address.ts'
import { decodeHeaderText } from '../../mail/header-text.ts'

/** Headers that hold mailboxes (RFC 5322 §3.6.2, §3.6.3). */
const OF_MAILBOXES = /^(?:from|sender|reply-to|to|cc)$/i

/**
 * A header's value as filters match it, the same whether the header comes in a call or in a whole message: encoded
 * words decoded, surrounding blanks removed, mailboxes as `formatMailbox` writes them, joined by commas. A TAB counts
 * as a blank: some servers fold with one where a blank stood (RFC 5322 §2.2.3).
 */
export function headerAsRead(name: string, value: string): string {
  const text = value.trim()
  const read = (OF_MAILBOXES.test(name) ? mailboxesAsRead(text) : undefined) ?? decodeHeaderText(text)
  return read.replaceAll('\t', ' ').trim()
}

/** `Name <address>` without quotes around the name, or the bare address. */
export function formatMailbox({ name, address }: { name?: string | undefined; address: string }): string {
  const shown = name && decodeHeaderText(name)
  return shown ? `${shown} <${address}>` : address
}

/** Undefined for anything but a list of mailboxes. */
function mailboxesAsRead(text: string): string | undefined {
  const bare = parseAddress(text)
  if (bare) return bare.address
  const mailboxes = addressparser(text, { flatten: true })
  const isList = mailboxes.length > 0 && mailboxes.every(({ address }) => address)
  return isList ? mailboxes.map(formatMailbox).join(', ') : undefined
}
