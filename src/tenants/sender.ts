import { parseAddress } from '../kernel/address.ts'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import { newClassId } from '../kernel/ids.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import { newListRow } from './list.ts'
import { findService, lifetimeMs, type Service } from './service.ts'

/** A From address of a service. One-click is for ever once it is on; off means a stop list only. */
export interface Sender {
  address: string
  addressKey: string
  oneClick: boolean
  listId: number
  classId: string
}

export interface SenderRequest {
  address: string
  oneClick?: boolean | undefined
  /** Registered through a vendor interface whose customers append text of their own to `base_url`. */
  takesOpaque?: boolean | undefined
}

/** By their addresses. */
export async function findSenders(database: Database, serviceId: number): Promise<Sender[]> {
  const rows = await database.read(senders(database, serviceId).orderBy('address_key'))
  return rows.map(toSender)
}

/** By the key of an address (`addressKey`). Undefined when the service has no such sender. */
export async function findSender(
  database: Database,
  serviceId: number,
  key: string,
): Promise<Sender | undefined> {
  const [row] = await database.read(senders(database, serviceId).where('address_key', '=', key))
  return row && toSender(row)
}

function senders(database: Database, serviceId: number) {
  return database.query
    .selectFrom('sender')
    .innerJoin('list', 'list.id', 'sender.list_id')
    .select(['sender.address', 'address_key', 'one_click', 'list_id', 'class_id'])
    .where('sender.service_id', '=', serviceId)
}

function toSender(row: {
  address: string
  address_key: string
  one_click: number
  list_id: number
  class_id: string | null
}): Sender {
  return {
    address: row.address,
    addressKey: row.address_key,
    oneClick: row.one_click === 1,
    listId: row.list_id,
    classId: row.class_id ?? '',
  }
}

/**
 * Registers a sender; a repeat answers the same `classId`. One-click can be turned on later and never off again, since
 * mails with the link are already out. Throws DomainError `invalid-value` or `sender-is-permanent`.
 */
export async function registerSender(
  database: Database,
  listIds: IdSource,
  service: Service,
  request: SenderRequest & { now: number },
): Promise<Sender> {
  const parsed = parseAddress(request.address)
  if (!parsed) throw invalid('address', `${request.address} is not a mail address`)
  const existing = await findSender(database, service.id, parsed.key)
  if (existing) return confirm(database, service, existing, request)

  const { query } = database
  const [listId] = (await listIds.take(1)) as [number]
  const list = newListRow({
    id: listId,
    service_id: service.id,
    kind: 'sender',
    label: parsed.address,
    class_id: newClassId(),
    lifetime_ms: lifetimeMs(await findService(database, service.id), 'sender'),
    now: request.now,
  })
  try {
    await database.transact([
      query.insertInto('list').values({ ...list, takes_opaque: request.takesOpaque ? 1 : 0 }),
      query.insertInto('sender').values({
        service_id: service.id,
        address_key: parsed.key,
        address: parsed.address,
        one_click: request.oneClick === false ? 0 : 1,
        list_id: listId,
        created_at: request.now,
      }),
    ])
  } catch (error) {
    // Another process registered it in the same moment.
    if (!(error instanceof UniqueViolation)) throw error
  }
  const registered = await findSender(database, service.id, parsed.key)
  if (!registered) throw new DomainError('internal', 'the sender was not registered')
  return confirm(database, service, registered, request)
}

async function confirm(
  database: Database,
  service: Service,
  sender: Sender,
  { oneClick, takesOpaque }: SenderRequest,
): Promise<Sender> {
  if (oneClick === false && sender.oneClick) throw permanent(sender.address)
  const { query } = database
  const turnOn = oneClick !== false && !sender.oneClick
  const statements = []
  if (turnOn) {
    const row = query.updateTable('sender').set({ one_click: 1 })
    statements.push(row.where('service_id', '=', service.id).where('address_key', '=', sender.addressKey))
  }
  if (takesOpaque)
    statements.push(query.updateTable('list').set({ takes_opaque: 1 }).where('id', '=', sender.listId))
  if (statements.length > 0) await database.transact(statements)
  return { ...sender, oneClick: sender.oneClick || turnOn }
}

/**
 * The answer to every attempt to remove a sender: links in mail already sent must keep working, and stop lists keep
 * excluding.
 */
export function permanent(address: string): DomainError {
  return new DomainError(
    'sender-is-permanent',
    `${address} is registered for ever: recipients may still use the links of mails that were sent`,
    { field: 'address' },
  )
}
