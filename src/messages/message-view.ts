import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import type { MessageState, MessageTable } from '../storage/tables.ts'
import { bucketOf } from './bucket.ts'

/** One recipient of a delivery, and what became of it. */
export interface MessageView {
  id: number
  to: string
  state: MessageState
  /** The list that excluded it or, for transactional mail, that was overridden. */
  listId: number | null
  reason: string | null
  since: number | null
  attempts: number
  /** When it is tried (again); only while it is queued. */
  dueAt: number | null
  /** The relay's last answer, or why there was none. */
  reply: string | null
  messageId: string
  updatedAt: number
}

export const VIEWED_COLUMNS = [
  'id',
  'address',
  'state',
  'excluded_list_id',
  'excluded_reason',
  'excluded_since',
  'attempts',
  'due_at',
  'reply',
  'message_id',
  'updated_at',
] as const satisfies (keyof MessageTable)[]

export function toMessageView(row: Pick<MessageTable, (typeof VIEWED_COLUMNS)[number]>): MessageView {
  return {
    id: row.id,
    to: row.address,
    state: row.state,
    listId: row.excluded_list_id,
    reason: row.excluded_reason,
    since: row.excluded_since,
    attempts: row.attempts,
    dueAt: row.state === 'queued' ? row.due_at : null,
    reply: row.reply,
    messageId: row.message_id,
    updatedAt: row.updated_at,
  }
}

/** The messages of a delivery in order of their ids, those after the given one. */
export async function findMessages(
  database: Database,
  deliveryId: number,
  page: { after?: number | undefined; state?: MessageState | undefined; limit: number },
): Promise<MessageView[]> {
  let rows = database.query.selectFrom('message').select(VIEWED_COLUMNS).where('delivery_id', '=', deliveryId)
  if (page.after !== undefined) rows = rows.where('id', '>', page.after)
  if (page.state !== undefined) rows = rows.where('state', '=', page.state)
  const found = await database.read(rows.orderBy('id').limit(page.limit))
  return found.map(toMessageView)
}

/** The mail as it would have been sent, where no relay is configured. Throws DomainError `unknown-message`. */
export async function readKeptMail(database: Database, deliveryId: number, id: number): Promise<Buffer> {
  const [row] = await database.read(
    database.query
      .selectFrom('kept_mail as k')
      .innerJoin('message as m', (join) =>
        join.onRef('m.bucket', '=', 'k.bucket').onRef('m.id', '=', 'k.message_id'),
      )
      .select('k.raw')
      .where('k.bucket', '=', bucketOf(id))
      .where('k.message_id', '=', id)
      .where('m.delivery_id', '=', deliveryId),
  )
  if (!row) throw new DomainError('unknown-message', `no mail is kept under ${id}`, { field: 'messageId' })
  return Buffer.from(row.raw)
}
