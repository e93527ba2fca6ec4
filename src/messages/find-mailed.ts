import type { Database } from '../storage/database.ts'
import type { MessageTable } from '../storage/mail-tables.ts'
import { composedMessage } from './message-id.ts'

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

/** The message with this number; undefined when there is none any more, or when nobody was ever mailed by it. */
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

/** A service's message by its Message-ID without brackets, to this recipient where one is named. */
export async function findMailedBy(
  database: Database,
  serviceId: number,
  messageId: string,
  recipientKey: string | undefined,
): Promise<MailedMessage | undefined> {
  const composed = composedMessage(messageId)
  const own = composed && (await findMailed(database, composed))
  if (own) return isMeant(own, serviceId, messageId, recipientKey) ? own : undefined
  // The client's own Message-ID: it is found by its recipient alone.
  if (recipientKey === undefined) return undefined
  const rows = database.query
    .selectFrom('message')
    .select(COLUMNS)
    .where('address_key', '=', recipientKey)
    .where('attempts', '>', 0)
    .orderBy('id', 'desc')
    .limit(MOST_LOOKED_AT)
  const found = await database.read(rows)
  return found.find((message) => isMeant(message, serviceId, messageId, recipientKey))
}

/** A report comes weeks after its mail at the latest. */
const MOST_LOOKED_AT = 1_000

function isMeant(
  message: MailedMessage,
  serviceId: number,
  messageId: string,
  recipientKey: string | undefined,
): boolean {
  return (
    message.service_id === serviceId &&
    message.message_id === messageId &&
    (recipientKey === undefined || message.address_key === recipientKey)
  )
}
