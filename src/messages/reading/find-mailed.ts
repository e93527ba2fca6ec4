import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { composedMessage } from '../message-id.ts'

/** A message that was handed over, or may have been. */
export type MailedMessage = Pick<
  MessageTable,
  'bucket' | 'id' | 'service_id' | 'address' | 'address_key' | 'message_id' | 'accepted_at'
>

const COLUMNS = [
  'bucket',
  'id',
  'service_id',
  'address',
  'address_key',
  'message_id',
  'accepted_at',
] as const satisfies (keyof MailedMessage)[]

/** The message with this number; undefined when it no longer exists, or was never handed to a relay. */
export async function findMailed(
  database: Database,
  { bucket, id }: Pick<MessageTable, 'bucket' | 'id'>,
): Promise<MailedMessage | undefined> {
  const rows = database.query
    .selectFrom('message')
    .select(COLUMNS)
    .where('bucket', '=', bucket)
    .where('id', '=', id)
    .where('attempts', '>', 0)
  return (await database.read(rows))[0]
}

interface MailedSearch {
  /** Without brackets. */
  messageId: string
  serviceId: number | 'any'
  recipientKey?: string | undefined
}

/**
 * A message by its Message-ID: a service's or any service's, to this recipient if one is named. Of several, the latest.
 */
export async function findMailedBy(
  database: Database,
  search: MailedSearch,
): Promise<MailedMessage | undefined> {
  const { messageId, recipientKey } = search
  const composed = composedMessage(messageId)
  const own = composed && (await findMailed(database, composed))
  if (own) return isMeant(own, search) ? own : undefined
  // The client's own Message-ID: such a message can only be found by its recipient.
  if (recipientKey === undefined) return undefined
  const rows = database.query
    .selectFrom('message')
    .select(COLUMNS)
    .where('address_key', '=', recipientKey)
    .where('attempts', '>', 0)
    .orderBy('id', 'desc')
    .limit(MOST_LOOKED_AT)
  const found = await database.read(rows)
  return found.find((message) => isMeant(message, search))
}

/** A report comes weeks after its mail at the latest. */
const MOST_LOOKED_AT = 1_000

function isMeant(message: MailedMessage, { messageId, serviceId, recipientKey }: MailedSearch): boolean {
  return (
    (serviceId === 'any' || message.service_id === serviceId) &&
    message.message_id === messageId &&
    (recipientKey === undefined || message.address_key === recipientKey)
  )
}
