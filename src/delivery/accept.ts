import { createHash } from 'node:crypto'
import { parseAddress } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import { withCrlf } from '../mail/line-breaks.ts'
import { bucketOf } from '../messages/bucket.ts'
import { findDeliveryByRequest, insertDelivery } from '../messages/delivery-store.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { MessageTable } from '../storage/tables.ts'
import type { LookUp } from '../suppression/look-up.ts'
import { listRef } from '../tenants/list.ts'
import type { Service } from '../tenants/service.ts'
import { readServiceLists, type ServiceLists } from '../tenants/service-lists.ts'
import type { Links } from '../tokens/link.ts'
import { composedMessageId } from '../tokens/payload.ts'
import { listFinder } from './applicable-lists.ts'
import { checkContent, rawMessageId } from './check-content.ts'
import { compileContent, rawContent, type StoredContent } from './content.ts'
import { decideRecipients, type Verdict } from './decide-recipients.ts'
import { requireFittingPair } from './fitting-pair.ts'
import { requireAllowedFrom } from './from.ts'
import { type Placed, place, type RecipientRequest } from './place.ts'

export interface DeliveryRequest extends Omit<StoredContent, 'headers'> {
  service: Service
  /** Who asked, for the record. */
  createdBy: string
  headers?: Record<string, string> | undefined
  /** A whole message instead of text and html; it is sent as it is, with list headers and signature added. */
  raw?: Buffer | undefined
  recipients: readonly RecipientRequest[]
  /** A repeat of the same request under the same id answers what the first one answered, and sends nothing. */
  requestId?: string | undefined
  /**
   * The client's own name for the delivery, at most 100 characters: mails that come one by one under the same name, From and
   * kind are one delivery.
   */
  reference?: string | undefined
  /** The envelope sender as the client gave it; '' is the null sender. Undefined means From. */
  returnPath?: string | undefined
  sendAt?: number | undefined
  transactional: boolean
}

interface DeliveryAnswer {
  id: number
  accepted: number
  /** How many each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
  /** How many came again: an address is mailed once, by its first entry. */
  duplicates: number
}

export type AcceptDelivery = (request: DeliveryRequest) => Promise<DeliveryAnswer & { replayed: boolean }>

export interface AcceptDeliveryParts {
  database: Database
  lookUp: LookUp
  links: Pick<Links, 'make'>
  clock: Clock
  deliveryIds: IdSource
  messageIds: IdSource
  /** Called once the rows are durable. */
  onAccepted(answer: DeliveryAnswer): void
}

export const MOST_RECIPIENTS = 10_000

/**
 * Takes a delivery in: content once and one row per recipient, excluded ones too, all durable before the answer.
 * Throws DomainError `invalid-value`, `from-not-allowed`, `too-many-recipients` or `request-id-reused`; then nothing is stored.
 */
export function createAcceptDelivery(parts: AcceptDeliveryParts): AcceptDelivery {
  const { database, clock } = parts
  return async (given) => {
    const request = given.raw ? { ...given, raw: withCrlf(given.raw) } : given
    const fingerprint = fingerprintOf(request)
    const earlier = await replay(database, request, fingerprint)
    if (earlier) return earlier
    if (request.recipients.length > MOST_RECIPIENTS) {
      throw new DomainError('too-many-recipients', `a delivery takes at most ${MOST_RECIPIENTS} recipients`, {
        field: 'recipients',
      })
    }
    const from = parseAddress(request.from.address)
    if (!from) throw invalid('from', `${request.from.address} is no mail address`)
    const lists = await readServiceLists(database, request.service.id)
    requireAllowedFrom(request.service, lists, from)
    checkContent(request, from)

    const content = request.raw
      ? rawContent(request.raw)
      : compileContent({ ...request, headers: request.headers ?? {} })
    const { placed, malformed, duplicates } = place(request, content, listFinder(lists, from.key, content))
    const { raw, transactional } = request
    const ownId = rawMessageId(raw)
    if (raw && ownId !== undefined && !transactional) {
      requireFittingPair(parts.links, { raw, messageId: ownId, mintedAt: clock() }, placed)
    }
    const verdicts = await decideRecipients(
      parts.lookUp,
      lists,
      placed.map(({ address, lists: { ids } }) => ({ addressKey: address.key, listIds: ids })),
      { transactional, now: clock() },
    )
    const [id] = (await parts.deliveryIds.take(1)) as [number]
    const answer: DeliveryAnswer = {
      id,
      accepted: verdicts.filter(({ decision }) => decision.deliver).length,
      excluded: countExcluded(lists, verdicts),
      malformed,
      duplicates,
    }
    const now = clock()
    const ids = await parts.messageIds.take(placed.length)
    const rows = placed.map((recipient, index) =>
      toRow(recipient, verdicts[index] as Verdict, {
        deliveryId: id,
        id: ids[index] as number,
        service: request.service,
        messageId: ownId ?? composedMessageId(id, ids[index] as number, from.domain),
        lane: request.transactional ? 0 : 1,
        dueAt: request.sendAt ?? now,
        now,
      }),
    )
    const { from: mailbox, replyTo, subject, text, html, headers = {} } = request
    try {
      await insertDelivery(
        database,
        {
          id,
          service_id: request.service.id,
          request_id: request.requestId ?? null,
          reference: null,
          fingerprint,
          from_address: from.address,
          subject: storableSubject(subject),
          transactional: transactional ? 1 : 0,
          state: 'active',
          send_at: request.sendAt ?? now,
          answer_json: JSON.stringify(answer),
          created_by: request.createdBy,
          created_at: now,
        },
        {
          id,
          template_json: JSON.stringify({
            from: mailbox,
            replyTo,
            subject,
            text,
            html,
            headers,
          } satisfies StoredContent),
          raw: raw ?? null,
          return_path: null,
          stored_at: now,
        },
        rows,
      )
    } catch (error) {
      // The same request came twice in one moment, and the other one was first.
      const first = error instanceof UniqueViolation && (await replay(database, request, fingerprint))
      if (first) return first
      throw error
    }
    parts.onAccepted(answer)
    return { ...answer, replayed: false }
  }
}

async function replay(
  database: Database,
  { service, requestId }: DeliveryRequest,
  fingerprint: string,
): Promise<(DeliveryAnswer & { replayed: true }) | undefined> {
  if (requestId === undefined) return undefined
  const earlier = await findDeliveryByRequest(database, service.id, requestId)
  if (!earlier) return undefined
  if (earlier.fingerprint !== fingerprint) {
    throw new DomainError('request-id-reused', `${requestId} was used for a different delivery`, {
      field: 'requestId',
    })
  }
  // What 0.1.0 answered does not count duplicates: it mailed them.
  const { duplicates = 0, ...answer } = earlier.answer as Omit<DeliveryAnswer, 'duplicates'> &
    Partial<DeliveryAnswer>
  return { ...answer, duplicates, replayed: true }
}

function fingerprintOf({ service: _, createdBy: __, raw, ...request }: DeliveryRequest): string {
  const hash = createHash('sha256').update(JSON.stringify(request))
  return (raw ? hash.update(raw) : hash).digest('base64url')
}

/** What the list of deliveries shows; a whole message may bring along anything. */
function storableSubject(subject: string): string {
  return subject
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 998)
}

function countExcluded(lists: ServiceLists, verdicts: readonly Verdict[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { decision } of verdicts) {
    if (decision.deliver) continue
    const list = lists.lists.get(decision.listId)
    const name = list ? listRef(list) : String(decision.listId)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function toRow(
  { address, request }: Placed,
  { decision, overridden }: Verdict,
  given: {
    deliveryId: number
    id: number
    service: Service
    messageId: string
    lane: number
    dueAt: number
    now: number
  },
): MessageTable {
  const exclusion = decision.deliver ? overridden : decision
  return {
    bucket: bucketOf(given.id),
    id: given.id,
    delivery_id: given.deliveryId,
    content_id: given.deliveryId,
    service_id: given.service.id,
    address: address.address,
    address_key: address.key,
    substitutions_json: request.substitutions ? JSON.stringify(request.substitutions) : null,
    unsubscribe_url: request.unsubscribeUrl ?? null,
    state: decision.deliver ? 'queued' : 'excluded',
    excluded_list_id: exclusion?.listId ?? null,
    excluded_reason: exclusion?.reason ?? null,
    excluded_since: exclusion?.since ?? null,
    attempts: 0,
    lane: given.lane,
    due_at: given.dueAt,
    epoch: 0,
    reply: null,
    message_id: given.messageId,
    accepted_at: given.now,
    updated_at: given.now,
  }
}
