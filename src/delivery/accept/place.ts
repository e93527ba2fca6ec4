import { type Address, parseAddress } from '../../kernel/address.ts'
import { requireHttpsUrl } from '../../mail/list-headers.ts'
import type { Content } from '../content/content.ts'
import type { ApplicableLists, ListFinder } from '../decide/applicable-lists.ts'

export interface RecipientRequest {
  to: string
  substitutions?: Record<string, string> | undefined
  /** The customer's own https URL for this recipient; requests to it never reach us. */
  unsubscribeUrl?: string | undefined
}

export interface Placed {
  address: Address
  request: RecipientRequest
  lists: ApplicableLists
  /** Set for a copy of another recipient's mail; To shows that recipient. */
  copy?: { as: 'cc' | 'bcc'; shownTo: string } | undefined
}

/**
 * Separates the recipients that can be mailed from those that cannot: an invalid address, or a placeholder without a
 * value. An address that occurs again, in whatever spelling, is counted as a duplicate: the first one is mailed. Throws
 * DomainError `invalid-value` for an invalid `unsubscribeUrl`.
 */
export function place(
  { recipients, raw }: { recipients: readonly RecipientRequest[]; raw?: Buffer | undefined },
  content: Content,
  find: ListFinder,
): { placed: Placed[]; malformed: string[]; duplicates: number } {
  const placed = new Map<string, Placed>()
  const malformed: string[] = []
  let duplicates = 0
  recipients.forEach((request, index) => {
    const { to, substitutions = {}, unsubscribeUrl } = request
    if (unsubscribeUrl !== undefined) requireHttpsUrl(unsubscribeUrl, `recipients[${index}].unsubscribeUrl`)
    const address = mailable(to, raw)
    if (address && placed.has(address.key)) {
      duplicates++
      return
    }
    const lists = address && content.lacks(substitutions) === undefined ? find(substitutions) : undefined
    const linked = !content.hasLink || unsubscribeUrl !== undefined || lists?.link !== undefined
    if (address && lists && linked) placed.set(address.key, { address, request, lists })
    else malformed.push(to)
  })
  return { placed: [...placed.values()], malformed, duplicates }
}

/**
 * Composed headers are ASCII: a mailbox name beyond it needs a whole message of the client's own (RFC 6531, RFC 6532).
 */
export function mailable(to: string, raw: Buffer | undefined): Address | undefined {
  const address = parseAddress(to)
  const isAscii = address && /^[ -~]*$/.test(address.key)
  return raw || isAscii ? address : undefined
}
