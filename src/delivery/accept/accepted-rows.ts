import type { Address } from '../../kernel/address.ts'
import { dayOf } from '../../kernel/calendar.ts'
import type { Fact } from '../../messages/day-counts.ts'
import { bucketOf } from '../../messages/sending/bucket.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import { listName } from '../../tenants/list.ts'
import type { Service } from '../../tenants/service.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'
import type { StoredContent } from '../content/content.ts'
import type { Verdict } from '../decide/decide-recipients.ts'
import type { DeliveryAnswer, DeliveryRequest } from './delivery-request.ts'
import type { Placed } from './place.ts'

/** What all messages of one acceptance share. */
export interface Common {
  deliveryId: number
  contentId: number
  serviceId: number
  lane: number
  now: number
}

/** The row of a delivery, with the answer that a repeat of the request gets. */
export function toDelivery(
  { service, requestId, reference, subject, transactional, sendAt, createdBy }: DeliveryRequest,
  given: { id: number; from: Address; fingerprint: string; answer: DeliveryAnswer; now: number },
): Tables['delivery'] {
  return {
    id: given.id,
    service_id: service.id,
    request_id: requestId ?? null,
    reference: reference ?? null,
    fingerprint: given.fingerprint,
    from_address: given.from.address,
    sender_key: given.from.key,
    subject: storableSubject(subject),
    transactional: transactional ? 1 : 0,
    state: 'active',
    send_at: sendAt ?? given.now,
    answer_json: JSON.stringify(given.answer),
    created_by: createdBy,
    created_at: given.now,
  }
}

/** What all its mails say, as it is stored once. */
export function toContent(request: DeliveryRequest, id: number, now: number): Tables['content'] {
  const { service, from, replyTo, cc, subject, text, html, headers = {}, raw, returnPath, smtpUtf8 } = request
  const { attachments, charset, keywords } = request
  const stored: StoredContent = {
    ...{ from, replyTo, cc, subject, text, html, headers },
    ...{ attachments, charset, keywords },
  }
  return {
    id,
    service_id: service.id,
    template_json: JSON.stringify(stored),
    raw: raw ?? null,
    return_path: returnPath ?? null,
    smtp_utf8: smtpUtf8 ? 1 : 0,
    stored_at: now,
  }
}

/** The subject for the list of deliveries; a message that came whole may hold anything. */
function storableSubject(subject: string): string {
  return subject
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 998)
}

/** The row of one recipient, excluded or waiting. */
export function toMessage(
  { address, request, copy }: Placed,
  { decision, overridden }: Verdict,
  { id, messageId }: { id: number; messageId: string },
  { deliveryId, contentId, serviceId, lane, now }: Common,
): MessageTable {
  const exclusion = decision.deliver ? overridden : decision
  return {
    bucket: bucketOf(id),
    id,
    delivery_id: deliveryId,
    content_id: contentId,
    service_id: serviceId,
    address: address.address,
    address_key: address.key,
    substitutions_json: request.substitutions ? JSON.stringify(request.substitutions) : null,
    unsubscribe_url: request.unsubscribeUrl ?? null,
    copy_as: copy?.as ?? null,
    shown_to: copy?.shownTo ?? null,
    state: decision.deliver ? 'queued' : 'excluded',
    excluded_list_id: exclusion?.listId ?? null,
    excluded_reason: exclusion?.reason ?? null,
    excluded_since: exclusion?.since ?? null,
    attempts: 0,
    lane,
    due_at: now,
    epoch: 0,
    reply: null,
    message_id: messageId,
    accepted_at: now,
    updated_at: now,
  }
}

/** The message as an attempt that has begun under this epoch. */
export function begun(message: MessageTable, epoch: number): MessageTable {
  return { ...message, state: 'sending', attempts: 1, epoch }
}

/** What an acceptance adds to the day's counters. */
export function factsOf(
  messages: readonly MessageTable[],
  { id, timeZone }: Service,
  sender: string,
  now: number,
): Fact[] {
  const fact = { service_id: id, day: dayOf(now, timeZone), sender, count: 1 }
  return messages.map(({ state, excluded_list_id }) =>
    state === 'excluded'
      ? { ...fact, outcome: 'excluded', list_id: excluded_list_id ?? 0 }
      : { ...fact, outcome: 'accepted', list_id: 0 },
  )
}

/** How many recipients each list excluded, by the list's name. */
export function countExcluded(
  { lists }: Pick<ServiceLists, 'lists'>,
  verdicts: readonly Verdict[],
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { decision } of verdicts) {
    if (decision.deliver) continue
    const name = listName(lists, decision.listId)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
