import { createBatcher } from '../kernel/batcher.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { MessageState } from '../storage/mail-tables.ts'
import { prepareRows } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'

export interface DeliveryView {
  id: number
  requestId: string | null
  /** The client's own name for it: its mails came one by one. */
  reference: string | null
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

/** The answer to the request with this id, and the fingerprint of its content; undefined when the id is new. */
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

/** The delivery that mails with this reference, From and kind belong to, whatever its state. */
export async function findDeliveryByReference(
  database: Database,
  serviceId: number,
  { reference, senderKey, transactional }: { reference: string; senderKey: string; transactional: boolean },
): Promise<Pick<Tables['delivery'], 'id' | 'state'> | undefined> {
  const [row] = await database.read(
    database.query
      .selectFrom('delivery')
      .select(['id', 'state'])
      .where('service_id', '=', serviceId)
      .where('reference', '=', reference)
      .where('sender_key', '=', senderKey)
      .where('transactional', '=', transactional ? 1 : 0),
  )
  return row
}

const MOST_ASKERS = 1_000

/**
 * Reads the present state of a delivery by its id; undefined when it does not exist. Calls made while a read is under
 * way share the next one.
 */
export function deliveryStates(
  database: Database,
): (id: number) => Promise<Tables['delivery']['state'] | undefined> {
  const read = prepareRows(database, 'wanted', { id: 'integer' }, (wanted) =>
    database.query
      .selectFrom(wanted)
      .innerJoin('delivery as d', 'd.id', 'wanted.id')
      .select(['d.id', 'd.state']),
  )
  const batcher = createBatcher<number, Tables['delivery']['state'] | undefined>({
    mostItems: MOST_ASKERS,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: async (ids) => {
      const distinct = [...new Set(ids)].map((id) => ({ id }))
      const found = new Map((await database.read(read(distinct))).map(({ id, state }) => [id, state]))
      return ids.map((id) => found.get(id))
    },
  })
  return (id) => batcher.add(id)
}

/** Throws DomainError `unknown-delivery`. */
export async function findDelivery(database: Database, serviceId: number, id: number): Promise<DeliveryView> {
  const { query } = database
  const rows = await database.read(
    query.selectFrom('delivery').selectAll().where('service_id', '=', serviceId).where('id', '=', id),
  )
  const [view] = await viewDeliveries(database, rows)
  if (!view) throw new DomainError('unknown-delivery', `the service has no delivery ${id}`, { field: 'id' })
  return view
}

/** The rows as callers see them, in the order in which they are given. */
export async function viewDeliveries(
  database: Database,
  rows: readonly Tables['delivery'][],
): Promise<DeliveryView[]> {
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
    reference: row.reference,
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
