import type { Address } from '../../kernel/address.ts'
import { invalid } from '../../kernel/domain-error.ts'
import { refuseIfAny } from '../../kernel/mistakes.ts'
import { requireAttachments } from '../../mail/attachment.ts'
import { composeHead } from '../../mail/compose.ts'
import { headerFields, parseHeaderBlock, splitMessage, valuesOf } from '../../mail/header-block.ts'
import type { Mailbox, StoredContent } from '../content/content.ts'
import { requireSameFrom } from './from.ts'

/**
 * Refuses content that could not be sent to anybody: neither text nor HTML, an invalid header, a line break in what
 * would become a header. Throws DomainError `invalid-value` naming the field.
 */
export function checkContent(
  content: Omit<StoredContent, 'headers'> & {
    headers?: Record<string, string> | undefined
    raw?: Buffer | undefined
    bcc?: Mailbox[] | undefined
  },
  from: Address,
): void {
  const { raw, text, html, subject, headers, replyTo, cc, bcc, attachments, charset } = content
  if (raw) {
    refuseBeside(raw, { replyTo, text, html, headers, cc, bcc, attachments, charset })
    requireClean(raw)
    requireSameFrom(raw, from)
    return
  }
  if (text === undefined && html === undefined) throw invalid('text', 'a mail needs text, html or raw')
  composeHead({
    from: content.from,
    to: [from.address],
    cc,
    replyTo,
    subject,
    headers: headers ?? {},
    date: 0,
    messageId: '<check@kaijo.invalid>',
  })
  requireAttachments(attachments ?? [])
}

/** A whole message has these fields itself. Throws DomainError `invalid-value` for each that is given beside it. */
export function refuseBeside(raw: Buffer | undefined, given: Record<string, unknown>): void {
  if (!raw) return
  const fields = Object.keys(given).filter((field) => given[field] !== undefined)
  refuseIfAny(fields.map((field) => invalid(field, 'cannot be given with raw, which holds it already')))
}

/**
 * Lines in the head that are not fields would make a signature that verifiers refuse; NUL may not occur in a message
 * (RFC 5322 §4, RFC 5321 §2.3.8).
 */
function requireClean(raw: Buffer): void {
  if (raw.includes(0)) throw invalid('raw', 'must not hold NUL')
  const { head } = splitMessage(raw)
  const stray = parseHeaderBlock(head).find(({ name }) => name === '')
  if (stray) throw invalid('raw', 'has a line in its header that is not a header field')
}

/** The Message-ID of a whole message, without brackets. */
export function rawMessageId(raw: Buffer | undefined): string | undefined {
  if (!raw) return undefined
  const [value] = valuesOf(headerFields(raw), 'Message-ID')
  return /^<([^<>\s\p{Cc}]+)>$/u.exec(value ?? '')?.[1]
}
