import { bucketOf } from '../../src/messages/sending/bucket.ts'
import type { Database } from '../../src/storage/database.ts'
import type { MessageTable } from '../../src/storage/mail-tables.ts'
import type { Tables } from '../../src/storage/tables.ts'

let last = 0

/** An id that no other row of a test has. */
export function newId(): number {
  last += 1
  return last
}

export function deliveryRow(given: Partial<Tables['delivery']> & { service_id: number }): Tables['delivery'] {
  const at = given.created_at ?? 0
  return {
    id: newId(),
    request_id: null,
    reference: null,
    fingerprint: 'f',
    from_address: 'News@example.com',
    sender_key: 'news@example.com',
    subject: 'News',
    transactional: 0,
    state: 'active',
    send_at: at,
    answer_json: '{}',
    created_by: 'tester',
    created_at: at,
    ...given,
  }
}

export function contentRow(given: Partial<Tables['content']> & { service_id: number }): Tables['content'] {
  return {
    id: newId(),
    template_json: '{}',
    raw: null,
    return_path: null,
    smtp_utf8: 0,
    stored_at: 0,
    ...given,
  }
}

/** A message of a delivery, sent unless told otherwise; its content is the delivery's first. */
export function messageRow(
  delivery: Pick<Tables['delivery'], 'id' | 'service_id'>,
  given: Partial<MessageTable> = {},
): MessageTable {
  const id = given.id ?? newId()
  const at = given.accepted_at ?? 0
  const address = given.address ?? `user${id}@example.jp`
  return {
    bucket: bucketOf(id),
    id,
    delivery_id: delivery.id,
    content_id: delivery.id,
    service_id: delivery.service_id,
    address,
    address_key: address.toLowerCase(),
    substitutions_json: null,
    copy_as: null,
    shown_to: null,
    unsubscribe_url: null,
    state: 'sent',
    excluded_list_id: null,
    excluded_reason: null,
    excluded_since: null,
    attempts: 1,
    lane: 1,
    due_at: at,
    epoch: 1,
    reply: '250 ok',
    message_id: `${id}@example.com`,
    accepted_at: at,
    updated_at: at,
    ...given,
  }
}

interface Rows {
  deliveries?: readonly Tables['delivery'][]
  contents?: readonly Tables['content'][]
  messages?: readonly MessageTable[]
}

export async function insertRows(
  { transact, query }: Database,
  { deliveries = [], contents = [], messages = [] }: Rows,
): Promise<void> {
  await transact([
    ...(deliveries.length > 0 ? [query.insertInto('delivery').values([...deliveries])] : []),
    ...(contents.length > 0 ? [query.insertInto('content').values([...contents])] : []),
    ...(messages.length > 0 ? [query.insertInto('message').values([...messages])] : []),
  ])
}

/** So many thousand messages of a delivery, sent. */
export async function insertMany(
  database: Database,
  delivery: Tables['delivery'],
  count: number,
): Promise<void> {
  for (let done = 0; done < count; done += 1_000) {
    const rows = Array.from({ length: 1_000 }, () => messageRow(delivery, { accepted_at: 2 }))
    await insertRows(database, { messages: rows })
  }
}
