import { bucketOf } from '../../src/messages/sending/bucket.ts'
import { createInsertMail } from '../../src/messages/sending/insert-mail.ts'
import type { Database } from '../../src/storage/database.ts'
import type { MessageTable } from '../../src/storage/mail-tables.ts'

export const SERVICE = { id: 1, timeZone: 'Asia/Tokyo' }
export const SENDER = 'news@example.com'
export const DAY = '1970-01-01'
export const DELIVERY = 7

/** Stores them as the messages of one delivery. */
export function storeDelivery(database: Database, messages: MessageTable[]): Promise<void> {
  const delivery = {
    id: DELIVERY,
    service_id: SERVICE.id,
    request_id: null,
    reference: null,
    fingerprint: '',
    from_address: SENDER,
    sender_key: SENDER,
    subject: '',
    transactional: 0,
    state: 'active',
    send_at: 0,
    answer_json: '{}',
    created_by: '',
    created_at: 0,
  } as const
  const content = {
    id: DELIVERY,
    service_id: SERVICE.id,
    template_json: '{}',
    raw: null,
    return_path: null,
    smtp_utf8: 0,
    stored_at: 0,
  } as const
  return createInsertMail(database)({ delivery, content, messages, facts: [] })
}

export function message(id: number, dueAt = 0, state: MessageTable['state'] = 'queued'): MessageTable {
  return {
    bucket: bucketOf(id),
    id,
    delivery_id: DELIVERY,
    content_id: DELIVERY,
    service_id: SERVICE.id,
    address: `r${id}@example.com`,
    address_key: `r${id}@example.com`,
    substitutions_json: null,
    copy_as: null,
    shown_to: null,
    unsubscribe_url: null,
    state,
    excluded_list_id: null,
    excluded_reason: null,
    excluded_since: null,
    attempts: 0,
    lane: 1,
    due_at: dueAt,
    epoch: 0,
    reply: null,
    message_id: `7.${id}@example.com`,
    accepted_at: 0,
    updated_at: 0,
  }
}
