import { type Address, parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { withCrlf } from '../../mail/line-breaks.ts'
import type { InsertMail } from '../../messages/sending/insert-mail.ts'
import { laneOf } from '../../messages/sending/lane.ts'
import type { Database } from '../../storage/database.ts'
import { UniqueViolation } from '../../storage/database-errors.ts'
import type { IdSource } from '../../storage/id-block.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { LookUp } from '../../suppression/deciding/look-up.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'
import type { Links } from '../../tokens/link.ts'
import { composedMessageId } from '../../tokens/payload.ts'
import { type Content, compileContent, rawContent } from '../content/content.ts'
import { listFinder } from '../decide/applicable-lists.ts'
import { decideRecipients, type Verdict } from '../decide/decide-recipients.ts'
import type { HandOff, Room } from '../outbox/hand-off.ts'
import type { Attempt } from '../outbox/plan-attempts.ts'
import { begun, countExcluded, factsOf, toContent, toDelivery, toMessage } from './accepted-rows.ts'
import { checkContent, rawMessageId } from './check-content.ts'
import { copiesOf, mailsPerRecipient } from './copies.ts'
import { type DeliveryAnswer, type DeliveryRequest, MOST_RECIPIENTS } from './delivery-request.ts'
import { requireFittingPair } from './fitting-pair.ts'
import { requireAllowedFrom } from './from.ts'
import { requirePace, spread } from './mails-per-hour.ts'
import { type Placed, place } from './place.ts'
import { findAnswer, findJoined, fingerprintOf, isStillActive } from './repeats.ts'

export type AcceptDelivery = (request: DeliveryRequest) => Promise<DeliveryAnswer & { replayed: boolean }>

export interface AcceptDeliveryParts {
  database: Database
  readServiceLists(serviceId: number): Promise<ServiceLists>
  lookUp: LookUp
  links: Pick<Links, 'make'>
  clock: Clock
  deliveryIds: IdSource
  messageIds: IdSource
  insertMail: InsertMail
  handOff: HandOff
  /** Called once the rows are durable. */
  onAccepted(answer: DeliveryAnswer): void
}

/** Larger contents are read again when their turn comes, rather than held until then. */
const MOST_HANDED_OFF_BYTES = 256 * 1024

/**
 * Takes a delivery in: content once and one row per recipient, excluded ones too, all durable before the answer.
 * Throws DomainError `invalid-value`, `from-not-allowed`, `too-many-recipients`, `request-id-reused` or `wrong-state`; then
 * nothing is stored.
 */
export function createAcceptDelivery(parts: AcceptDeliveryParts): AcceptDelivery {
  const { database } = parts
  return async (given) => {
    const request = given.raw ? { ...given, raw: withCrlf(given.raw) } : given
    const fingerprint = fingerprintOf(request)
    const earlier = await findAnswer(database, request, fingerprint)
    if (earlier) return { ...earlier, replayed: true }
    const decided = await decide(parts, request)
    for (;;) {
      try {
        const answer = await store(parts, request, decided, fingerprint)
        parts.onAccepted(answer)
        return { ...answer, replayed: false }
      } catch (error) {
        if (!(error instanceof UniqueViolation)) throw error
        // The same request came twice at once, and the other one was first.
        const first = await findAnswer(database, request, fingerprint)
        if (first) return { ...first, replayed: true }
        // Or another mail with the same reference was first: this one joins its delivery.
        if (request.reference === undefined) throw error
      }
    }
  }
}

interface Decided {
  from: Address
  service: ServiceLists
  content: Content
  placed: Placed[]
  verdicts: Verdict[]
  decidedAt: number
  /** Counts what `placed` does not hold. */
  left: Pick<DeliveryAnswer, 'malformed' | 'duplicates'>
}

/** Refuses everything that can be refused. */
async function decide(parts: AcceptDeliveryParts, request: DeliveryRequest): Promise<Decided> {
  const { raw, transactional } = request
  const mails = request.recipients.length * mailsPerRecipient(request)
  if (mails > MOST_RECIPIENTS) {
    const most = `a delivery takes at most ${MOST_RECIPIENTS} recipients, copies counted`
    throw new DomainError('too-many-recipients', most, { field: 'recipients' })
  }
  requirePace(mails, request.mailsPerHour)
  const from = parseAddress(request.from.address)
  if (!from) throw invalid('from', `${request.from.address} is not a mail address`)
  const service = await parts.readServiceLists(request.service.id)
  requireAllowedFrom(request.service, service, from)
  checkContent(request, from)
  const content = raw ? rawContent(raw) : compileContent({ ...request, headers: request.headers ?? {} })
  const { placed, ...left } = place(request, content, listFinder(service, from.key, content))
  const messageId = rawMessageId(raw)
  const decidedAt = parts.clock()
  if (raw && messageId !== undefined && !transactional) {
    requireFittingPair(parts.links, { raw, messageId, mintedAt: decidedAt }, placed)
  }
  const verdictsOn = (mails: readonly Placed[]) => {
    const candidates = mails.map(({ address, lists }) => ({ addressKey: address.key, listIds: lists.ids }))
    return decideRecipients(parts.lookUp, service, candidates, { transactional, now: decidedAt })
  }
  const verdicts = await verdictsOn(placed)
  const originals = placed.filter((_, index) => verdicts[index]?.decision.deliver)
  const copies = copiesOf(request, content, originals)
  const both = { placed: [...placed, ...copies], verdicts: [...verdicts, ...(await verdictsOn(copies))] }
  return { from, service, content, ...both, decidedAt, left }
}

/** Stores the mail and hands off what can go at once. Throws UniqueViolation for a request id or a reference in use. */
async function store(
  parts: AcceptDeliveryParts,
  request: DeliveryRequest,
  decided: Decided,
  fingerprint: string,
): Promise<DeliveryAnswer> {
  const { from, service, placed, verdicts, left } = decided
  const { raw, sendAt } = request
  const joined = await findJoined(parts.database, request, from.key)
  const [contentId] = (await parts.deliveryIds.take(1)) as [number]
  const ids = await parts.messageIds.take(placed.length)
  const now = parts.clock()
  const id = joined?.id ?? contentId
  const common = {
    deliveryId: id,
    contentId,
    serviceId: request.service.id,
    lane: laneOf(request),
    now,
  }
  const start = sendAt ?? now
  const ownId = rawMessageId(raw)
  const messages = placed.map((recipient, index) => {
    const messageId = ids[index] as number
    const verdict = verdicts[index] as Verdict
    const names = { id: messageId, messageId: ownId ?? composedMessageId(id, messageId, from.domain) }
    return toMessage(recipient, verdict, names, common)
  })
  spread(messages, start, request.mailsPerHour)
  const queued = messages.filter(({ state }) => state === 'queued')
  const copies = queued.filter(({ copy_as }) => copy_as !== null).length
  const answer: DeliveryAnswer = {
    id,
    accepted: queued.length - copies,
    copies,
    excluded: countExcluded(service, verdicts),
    ...left,
  }
  const isDue = start <= now && request.mailsPerHour === undefined && joined?.state !== 'paused'
  const room = isDue ? roomFor(parts, request, queued.length) : undefined
  const attempts = room ? begin(room, messages, request, decided, id) : []
  room?.hold(attempts)
  const begunRows = new Map(attempts.map(({ message }) => [message.id, message]))
  try {
    await parts.insertMail({
      delivery: joined ? undefined : toDelivery(request, { id, from, fingerprint, answer, now }),
      content: toContent(request, contentId, now),
      messages: messages.map((message) => begunRows.get(message.id) ?? message),
      facts: factsOf(messages, service.service, from.key, now),
    })
  } catch (error) {
    room?.release()
    throw error
  }
  // It may have been paused or cancelled before the mail was there to be seen: what waits goes by the delivery's state.
  const begins = !joined || attempts.length === 0 || (await isStillActive(parts.database, request, from.key))
  if (begins) room?.begin()
  else room?.release()
  if (attempts.length < queued.length) parts.handOff.wake()
  return answer
}

function roomFor(
  { handOff }: AcceptDeliveryParts,
  request: DeliveryRequest,
  count: number,
): Room | undefined {
  const size = sizeOf(request)
  return count > 0 && size <= MOST_HANDED_OFF_BYTES ? handOff.take(count) : undefined
}

/** Roughly how much memory the content takes, in bytes. */
function sizeOf({ raw, text, html, attachments = [] }: DeliveryRequest): number {
  const attached = attachments.reduce((sum, { content }) => sum + content.length, 0)
  return raw?.length ?? (text?.length ?? 0) + (html?.length ?? 0) + attached
}

/** The attempts that this process may begin in the very rows that are about to be stored. */
function begin(
  room: Room,
  messages: readonly MessageTable[],
  request: DeliveryRequest,
  { from, service, content, placed, verdicts, decidedAt }: Decided,
  deliveryId: number,
): Attempt[] {
  const { transactional, returnPath, smtpUtf8, sendAt } = request
  const size = sizeOf(request)
  return messages.flatMap((message, index) => {
    const epoch = message.state === 'queued' ? room.epochOf(message.bucket) : undefined
    if (epoch === undefined) return []
    const mail = {
      deliveryId,
      serviceId: message.service_id,
      state: 'active' as const,
      from,
      transactional,
      sendAt: sendAt ?? message.accepted_at,
      content,
      returnPath: returnPath ?? null,
      smtpUtf8: smtpUtf8 === true,
      size,
    }
    const { lists } = placed[index] as Placed
    return {
      message: begun(message, epoch),
      mail,
      service,
      lists,
      verdict: verdicts[index] as Verdict,
      decidedAt,
    }
  })
}
