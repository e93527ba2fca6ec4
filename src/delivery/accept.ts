import { createHash } from 'node:crypto'
import { type Address, parseAddress } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import { withCrlf } from '../mail/line-breaks.ts'
import { requireHttpsUrl } from '../mail/list-headers.ts'
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
import { composedMessageId } from '../tokens/payload.ts'
import { type ApplicableLists, listFinder } from './applicable-lists.ts'
import { checkContent, rawMessageId } from './check-content.ts'
import { type Content, compileContent, rawContent, type StoredContent } from './content.ts'
import { decideRecipients, type Verdict } from './decide-recipients.ts'
import { requireAllowedFrom } from './from.ts'

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
  sendAt?: number | undefined
  transactional: boolean
}

interface RecipientRequest {
  to: string
  substitutions?: Record<string, string> | undefined
  /** The customer's own https URL for this recipient; requests to it never reach us. */
  unsubscribeUrl?: string | undefined
}

interface DeliveryAnswer {
  id: number
  accepted: number
  /** How many each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
}

export type AcceptDelivery = (request: DeliveryRequest) => Promise<DeliveryAnswer & { replayed: boolean }>

export interface AcceptDeliveryParts {
  database: Database
  lookUp: LookUp
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
    const { placed, malformed } = place(request, content, listFinder(lists, from.key, content))
    const verdicts = await decideRecipients(
      parts.lookUp,
      lists,
      placed.map(({ address, lists: { ids } }) => ({ addressKey: address.key, listIds: ids })),
      { transactional: request.transactional, now: clock() },
    )
    const [id] = (await parts.deliveryIds.take(1)) as [number]
    const answer: DeliveryAnswer = {
      id,
      accepted: verdicts.filter(({ decision }) => decision.deliver).length,
      excluded: countExcluded(lists, verdicts),
      malformed,
    }
    const now = clock()
    const ids = await parts.messageIds.take(placed.length)
    const rows = placed.map((recipient, index) =>
      toRow(recipient, verdicts[index] as Verdict, {
        deliveryId: id,
        id: ids[index] as number,
        service: request.service,
        messageId: rawMessageId(request.raw) ?? composedMessageId(id, ids[index] as number, from.domain),
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
          fingerprint,
          from_address: from.address,
          subject: storableSubject(subject),
          transactional: request.transactional ? 1 : 0,
          state: 'active',
          send_at: request.sendAt ?? now,
          answer_json: JSON.stringify(answer),
          created_by: request.createdBy,
          created_at: now,
        },
        {
          delivery_id: id,
          template_json: JSON.stringify({
            from: mailbox,
            replyTo,
            subject,
            text,
            html,
            headers,
          } satisfies StoredContent),
          raw: request.raw ?? null,
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
  return { ...(earlier.answer as DeliveryAnswer), replayed: true }
}

function fingerprintOf({ service: _, createdBy: __, raw, ...request }: DeliveryRequest): string {
  const hash = createHash('sha256').update(JSON.stringify(request))
  return (raw ? hash.update(raw) : hash).digest('base64url')
}

interface Placed {
  address: Address
  request: RecipientRequest
  lists: ApplicableLists
}

/** Parts the recipients that can be mailed from those that cannot: no address, or a placeholder without a value. */
function place(
  request: DeliveryRequest,
  content: Content,
  find: (substitutions: Record<string, string>) => ApplicableLists,
) {
  const placed: Placed[] = []
  const malformed: string[] = []
  request.recipients.forEach((recipient, index) => {
    if (recipient.unsubscribeUrl !== undefined) {
      requireHttpsUrl(recipient.unsubscribeUrl, `recipients[${index}].unsubscribeUrl`)
    }
    const address = mailable(recipient.to, request)
    const lists =
      address && content.lacks(recipient.substitutions ?? {}) === undefined
        ? find(recipient.substitutions ?? {})
        : undefined
    const linked = !content.hasLink || recipient.unsubscribeUrl !== undefined || lists?.link !== undefined
    if (address && lists && linked) placed.push({ address, request: recipient, lists })
    else malformed.push(recipient.to)
  })
  return { placed, malformed }
}

/** What the list of deliveries shows; a whole message may bring along anything. */
function storableSubject(subject: string): string {
  return subject
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 998)
}

/** A composed header is ASCII: a mailbox name beyond it needs a whole message of the client's own (RFC 6531, RFC 6532). */
function mailable(to: string, { raw }: DeliveryRequest): Address | undefined {
  const address = parseAddress(to)
  const isAscii = address && /^[ -~]*$/.test(address.key)
  return raw || isAscii ? address : undefined
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
  given: { deliveryId: number; id: number; service: Service; messageId: string; dueAt: number; now: number },
): MessageTable {
  const exclusion = decision.deliver ? overridden : decision
  return {
    bucket: bucketOf(given.id),
    id: given.id,
    delivery_id: given.deliveryId,
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
    due_at: given.dueAt,
    epoch: 0,
    reply: null,
    message_id: given.messageId,
    updated_at: given.now,
  }
}
