import { invalid } from '../../kernel/domain-error.ts'
import type { Content, Mailbox } from '../content/content.ts'
import { mailable, type Placed } from './place.ts'

/** Everyone who gets a copy of every mail. */
type Copied = { cc?: readonly Mailbox[] | undefined; bcc?: readonly Mailbox[] | undefined }

const MOST_COPIES = 20

/**
 * How many mails there are at most for each recipient, copies included. Throws DomainError `invalid-value` when there
 * are too many copies, or for anything but an address (`cc[0]`).
 */
export function mailsPerRecipient(request: Copied): number {
  const [cc, bcc] = [addresses(request, 'cc'), addresses(request, 'bcc')]
  const copies = cc.length + bcc.length
  if (copies <= MOST_COPIES) return 1 + copies
  throw invalid(cc.length > 0 ? 'cc' : 'bcc', `cc and bcc take at most ${MOST_COPIES} addresses together`)
}

/**
 * The copies of these mails for Cc and Bcc, each a mail of its own: the lists are asked about whoever gets the copy,
 * and its link is theirs, so that nobody can unsubscribe somebody else from a copy. Whoever is in To already gets no
 * second mail.
 */
export function copiesOf(request: Copied, content: Content, placed: readonly Placed[]): Placed[] {
  const copied = new Map([...addresses(request, 'bcc'), ...addresses(request, 'cc')])
  return placed.flatMap((original) =>
    [...copied.values()].flatMap(({ address, as }) => {
      const { lists, request: given } = original
      const isLinked = !content.hasLink || lists.link !== undefined
      if (address.key === original.address.key || !isLinked) return []
      const { substitutions } = given
      const copy = { as, shownTo: original.address.address }
      return [{ address, request: { to: address.address, substitutions }, lists, copy }]
    }),
  )
}

function addresses(request: Copied, as: 'cc' | 'bcc') {
  return (request[as] ?? []).map(({ address: given }, index) => {
    const address = mailable(given, undefined)
    if (!address) throw invalid(`${as}[${index}]`, 'is not a mail address')
    return [address.key, { address, as }] as const
  })
}
