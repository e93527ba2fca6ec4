import type { Database } from '../../storage/database.ts'
import type { MessageState } from '../../storage/mail-tables.ts'
import { type MessageView, toMessageView, VIEWED_COLUMNS } from './message-view.ts'

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
