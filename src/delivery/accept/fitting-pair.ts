import { DomainError } from '../../kernel/domain-error.ts'
import { headerField, headerFields, valuesOf } from '../../mail/header-block.ts'
import { type HeaderPair, listHeaderPair, readListUnsubscribe } from '../../mail/list-headers.ts'
import type { Links } from '../../tokens/link.ts'
import type { Placed } from './place.ts'

/**
 * The header pair of a link that refers to the caller's own Message-ID. Throws DomainError `invalid-value`, naming the
 * field that the id came in, when it makes the link too long for a header line (RFC 5322 §2.1.1).
 */
export function fittingPair(link: ReturnType<Links['make']>, field: string): HeaderPair {
  try {
    const pair = listHeaderPair(link)
    headerField('List-Unsubscribe', pair.listUnsubscribe)
    return pair
  } catch (cause) {
    const message =
      'the Message-ID is too long: with a link that refers to it List-Unsubscribe takes more than a line'
    throw new DomainError('invalid-value', message, { field, cause })
  }
}

/**
 * Throws DomainError `invalid-value` (`raw`) when the Message-ID of a whole message makes some recipient's link too
 * long for a line. A whole message is stamped for one list, so the longest address decides.
 */
export function requireFittingPair(
  links: Pick<Links, 'make'>,
  { raw, messageId, mintedAt }: { raw: Buffer; messageId: string; mintedAt: number },
  placed: readonly Placed[],
): void {
  const present = valuesOf(headerFields(raw), 'List-Unsubscribe')
  if (readListUnsubscribe(present) === 'https') return
  const [longest] = placed
    .filter(({ request }) => request.unsubscribeUrl === undefined)
    .toSorted((a, b) => Buffer.byteLength(b.address.address) - Buffer.byteLength(a.address.address))
  if (!longest?.lists.stamped) return
  const message = { kind: 'foreign', messageId } as const
  const recipient = longest.address.address
  fittingPair(links.make(longest.lists.stamped, { recipient, mintedAt, message }), 'raw')
}
