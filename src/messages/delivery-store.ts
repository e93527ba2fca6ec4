import type { Compilable } from 'kysely'
import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import type { MessageState, MessageTable, Tables } from '../storage/tables.ts'

import { MESSAGE_COLUMN_NAMES, MESSAGE_COLUMNS } from './message-columns.ts'

const ROWS_PER_STATEMENT = 2_000

/** Stores an accepted delivery whole: content once, one row per recipient, in one transaction. Throws UniqueViolation for a used request id. */
export async function insertDelivery(
  database: Database,
  delivery: Tables['delivery'],
  content: Tables['content'],
  messages: readonly MessageTable[],
): Promise<void> {
  const { query } = database
  const statements: Compilable[] = [
    query.insertInto('delivery').values(delivery),
    query.insertInto('content').values(content),
  ]
  for (let start = 0; start < messages.length; start += ROWS_PER_STATEMENT) {
    const given = rowSet(
      database,
      'given',
      MESSAGE_COLUMNS,
      messages.slice(start, start + ROWS_PER_STATEMENT),
    )
    statements.push(
      query
        .insertInto('message')
        .columns(MESSAGE_COLUMN_NAMES)
        .expression((eb) => eb.selectFrom(given).select(MESSAGE_COLUMN_NAMES) as never),
    )
  }
  await database.transact(statements)
}

export interface DeliveryView {
  id: number
  requestId: string | null
  from: string
  subject: string
  transactional: boolean
  state: Tables['delivery']['state']
  sendAt: number
  createdAt: number
  createdBy: string
  /** How many messages are in each state. */
  messages: Partial<Record<MessageState, number>>
}

export async function findDeliveryByRequest(
  database: Database,
  serviceId: number,
  requestId: string,
): Promise<{ fingerprint: string; answer: unknown } | undefined> {
  const [row] = await database.read(
    database.query
      .selectFrom('delivery')
      .select(['fingerprint', 'answer_json'])
      .where('service_id', '=', serviceId)
      .where('request_id', '=', requestId),
  )
  return row && { fingerprint: row.fingerprint, answer: JSON.parse(row.answer_json) }
}

/** Throws DomainError `unknown-delivery`. */
export async function findDelivery(database: Database, serviceId: number, id: number): Promise<DeliveryView> {
  const { query } = database
  const rows = await database.read(
    query.selectFrom('delivery').selectAll().where('service_id', '=', serviceId).where('id', '=', id),
  )
  const [view] = await withCounts(database, rows)
  if (!view) throw new DomainError('unknown-delivery', `the service has no delivery ${id}`, { field: 'id' })
  return view
}

/** A service's deliveries, newest first, those before the given id. */
export async function findDeliveries(
  database: Database,
  serviceId: number,
  page: { before?: number | undefined; limit: number },
): Promise<DeliveryView[]> {
  let rows = database.query.selectFrom('delivery').selectAll().where('service_id', '=', serviceId)
  if (page.before !== undefined) rows = rows.where('id', '<', page.before)
  return withCounts(database, await database.read(rows.orderBy('id', 'desc').limit(page.limit)))
}

async function withCounts(database: Database, rows: Tables['delivery'][]): Promise<DeliveryView[]> {
  if (rows.length === 0) return []
  const counts = await database.read(
    database.query
      .selectFrom('message')
      .select(({ fn }) => ['delivery_id', 'state', fn.countAll<number>().as('count')])
      .where(
        'delivery_id',
        'in',
        rows.map(({ id }) => id),
      )
      .groupBy(['delivery_id', 'state']),
  )
  return rows.map((row) => ({
    id: row.id,
    requestId: row.request_id,
    from: row.from_address,
    subject: row.subject,
    transactional: row.transactional === 1,
    state: row.state,
    sendAt: row.send_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    messages: Object.fromEntries(
      counts.filter(({ delivery_id }) => delivery_id === row.id).map(({ state, count }) => [state, count]),
    ),
  }))
}

/**
 * Pauses, resumes or cancels what has not been handed to the relay yet. A cancelled delivery stays cancelled: throws
 * DomainError `wrong-state`. Throws `unknown-delivery`.
 */
export async function changeDelivery(
  database: Database,
  serviceId: number,
  id: number,
  state: Tables['delivery']['state'],
  now: number,
): Promise<DeliveryView> {
  const delivery = await findDelivery(database, serviceId, id)
  if (delivery.state === 'cancelled' && state !== 'cancelled') {
    throw new DomainError('wrong-state', 'a cancelled delivery cannot be taken up again', { field: 'id' })
  }
  const { query } = database
  const statements: Compilable[] = [
    query.updateTable('delivery').set({ state }).where('id', '=', id).where('state', '!=', 'cancelled'),
  ]
  if (state === 'cancelled') {
    const queued = query.updateTable('message').set({ state: 'cancelled', updated_at: now })
    statements.push(queued.where('delivery_id', '=', id).where('state', '=', 'queued'))
  }
  await database.transact(statements)
  return findDelivery(database, serviceId, id)
}
