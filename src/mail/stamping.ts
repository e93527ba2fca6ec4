import { type HeaderField, headerField, valuesOf, withoutFields } from './header-block.ts'
import { type HeaderPair, listHeaderPair, readListUnsubscribe, requireHttpsUrl } from './list-headers.ts'

/** What may be stamped onto one recipient's message; a URL that does not apply is left out. */
export type StampOffer = {
  /** Mail to which opt-outs do not apply. */
  transactional: boolean
  /** The URL that the customer gave for this recipient; requests to it never reach us. */
  recipientUrl?: string | undefined
  /** Our URL for the list of the first filter that matches. */
  filterUrl?: string | undefined
  /** Our URL for the list of the sender, when it is on for one-click. */
  senderUrl?: string | undefined
  /** The mailto URI that accompanies our own URLs when inbound mail is configured. */
  mailto?: string | undefined
  /** The Feedback-ID for a message without one; left out where none is wanted. */
  feedbackId?: string | undefined
}

export type Stamp =
  | { action: 'leave'; because: 'transactional' | 'already-one-click' | 'not-registered' }
  | { action: 'replace'; pair: HeaderPair; source: 'recipient' | 'filter' | 'sender' }

/**
 * Decides what becomes of a message's list headers; the first rule that fits decides. An https List-Unsubscribe of the
 * message's own stays as it came, together with its Post field, since the pair is one claim by its author.
 * @throws DomainError invalid-value (`unsubscribeUrl`) for a recipient's URL that is not https or holds more than a
 * URL.
 */
export function decideStamp(fields: readonly HeaderField[], offer: StampOffer): Stamp {
  if (offer.transactional) return { action: 'leave', because: 'transactional' }

  if (offer.recipientUrl !== undefined) {
    requireHttpsUrl(offer.recipientUrl, 'unsubscribeUrl')
    return { action: 'replace', pair: listHeaderPair({ url: offer.recipientUrl }), source: 'recipient' }
  }

  const present = readListUnsubscribe(valuesOf(fields, 'List-Unsubscribe'))
  if (present === 'https') return { action: 'leave', because: 'already-one-click' }

  const { filterUrl, senderUrl, mailto } = offer
  if (filterUrl !== undefined) {
    return { action: 'replace', pair: listHeaderPair({ url: filterUrl, mailto }), source: 'filter' }
  }
  if (senderUrl !== undefined) {
    return { action: 'replace', pair: listHeaderPair({ url: senderUrl, mailto }), source: 'sender' }
  }
  return { action: 'leave', because: 'not-registered' }
}

/**
 * The fields with the stamp applied: all fields of the two names are removed and exactly one of each is added at the
 * end. Where they stay as they came, only the first of each stays (RFC 8058 §3.1: exactly one).
 */
export function applyStamp(fields: readonly HeaderField[], stamp: Stamp): HeaderField[] {
  if (stamp.action === 'leave') return firstOfEach(fields, 'list-unsubscribe', 'list-unsubscribe-post')
  return [
    ...withoutFields(fields, 'List-Unsubscribe', 'List-Unsubscribe-Post'),
    headerField('List-Unsubscribe', stamp.pair.listUnsubscribe),
    headerField('List-Unsubscribe-Post', stamp.pair.listUnsubscribePost),
  ]
}

/** The fields with a Feedback-ID: the message's own as it came, otherwise ours. */
export function applyFeedbackId(
  fields: readonly HeaderField[],
  { feedbackId }: Pick<StampOffer, 'feedbackId'>,
): readonly HeaderField[] {
  if (feedbackId === undefined || fields.some(({ key }) => key === 'feedback-id')) return fields
  return [...fields, headerField('Feedback-ID', feedbackId)]
}

function firstOfEach(fields: readonly HeaderField[], ...keys: string[]): HeaderField[] {
  const seen = new Set<string>()
  return fields.filter(({ key }) => {
    const repeats = keys.includes(key) && seen.has(key)
    seen.add(key)
    return !repeats
  })
}
