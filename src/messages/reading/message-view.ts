import type { MessageState, MessageTable } from '../../storage/mail-tables.ts'

/** One recipient of a delivery, and what became of it. */
export interface MessageView {
  id: number
  to: string
  /** What kind of copy it is of another recipient's mail; null for a recipient's own. */
  copyAs: 'cc' | 'bcc' | null
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
  'copy_as',
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
    copyAs: row.copy_as,
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
