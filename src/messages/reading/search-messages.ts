import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type Bounds, type ScanPage, scanPage, within } from '../../storage/keyset-scan.ts'
import type { MessageState, MessageTable } from '../../storage/mail-tables.ts'
import { type MessageView, toMessageView, VIEWED_COLUMNS } from './message-view.ts'

export interface MessageSearch {
  serviceId: number
  state?: MessageState | undefined
  /** From, as an address key. */
  senderKey?: string | undefined
  addressKey?: string | undefined
  deliveryId?: number | undefined
  /** One of them excluded the recipient or, for transactional mail, was overridden. */
  listIds?: readonly number[] | undefined
  /** The period of acceptance, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
  /** The `next` of the page before, of the same search. */
  cursor?: string | undefined
  limit: number
}

export interface FoundMessage extends MessageView {
  deliveryId: number
  from: string
  acceptedAt: number
}

/**
 * Finds messages of a service, newest first: those of one recipient or one delivery in the order of their ids, others
 * by the moment of acceptance. Pages as `scanPage` gives them.
 */
export async function searchMessages(
  database: Database,
  search: MessageSearch,
): Promise<ScanPage<FoundMessage>> {
  const way = wayTo(search)
  const page = await scanPage({
    keyLength: way.key.length,
    selective: way.selective,
    cursor: search.cursor,
    limit: search.limit,
    keyAfter: async (after, places) => {
      const rows = alongIndex(database, search, way, { after, floor: undefined })
      const [row] = await database.read(rows.select(['accepted_at', 'id']).limit(1).offset(places))
      return row && keyOf(way, row)
    },
    read: (bounds, most) => database.read(matching(database, search, way, bounds).limit(most)),
    keyOf: (row) => keyOf(way, row),
  })
  return { ...page, items: page.items.map(toFound) }
}

/** The index that is walked, and whether it holds rows that the search leaves out. */
interface Way {
  index: 'recipient' | 'delivery' | 'failed' | 'excluded' | 'service'
  key: readonly ('accepted_at' | 'id')[]
  selective: boolean
}

function wayTo({ addressKey, deliveryId, listIds, senderKey, state, from, to }: MessageSearch): Way {
  if (addressKey !== undefined) return { index: 'recipient', key: ['id'], selective: true }
  if (deliveryId !== undefined) {
    const others = [listIds, senderKey, state, from, to]
    return { index: 'delivery', key: ['id'], selective: others.some((given) => given !== undefined) }
  }
  const key = ['accepted_at', 'id'] as const
  if (listIds !== undefined) return { index: 'excluded', key, selective: true }
  if (state === 'excluded') return { index: 'excluded', key, selective: true }
  if (state === 'failed') return { index: 'failed', key, selective: senderKey !== undefined }
  return { index: 'service', key, selective: senderKey !== undefined || state !== undefined }
}

/** Everything between the bounds, from the index alone. */
function alongIndex(
  { query }: Database,
  { serviceId, addressKey, deliveryId, from, to }: MessageSearch,
  { index, key }: Way,
  bounds: Bounds,
) {
  let rows = query.selectFrom('message')
  if (index === 'recipient') rows = rows.where('address_key', '=', addressKey as string)
  else if (index === 'delivery') rows = rows.where('delivery_id', '=', deliveryId as number)
  else rows = rows.where('service_id', '=', serviceId)
  // Word for word the conditions of the partial indexes.
  if (index === 'failed') rows = rows.where(sql<boolean>`state = 'failed'`)
  if (index === 'excluded') rows = rows.where('excluded_list_id', 'is not', null)
  const columns = key.map((column) => sql.ref<number>(column))
  rows = rows.where(within(columns, bounds, key[0] === 'accepted_at' ? { from, to } : {}))
  return key.reduce((ordered, column) => ordered.orderBy(column, 'desc'), rows)
}

/**
 * Conditions that the index does not cover are checked row by row: hidden from PostgreSQL's planner so that it uses no
 * other index for them, and those on the delivery by a subquery so that no plan can begin with all deliveries.
 */
function matching(database: Database, search: MessageSearch, way: Way, bounds: Bounds) {
  const { serviceId, state, senderKey, deliveryId, listIds, from, to } = search
  let rows = alongIndex(database, search, way, bounds)
    .select([...VIEWED_COLUMNS, 'delivery_id', 'accepted_at'])
    .select(ofDelivery('from_address').as('from_address'))
  if (state !== undefined && way.index !== 'failed') rows = rows.where(sql`state || ''`, '=', state)
  if (listIds !== undefined) rows = rows.where(concealed('excluded_list_id'), 'in', listIds)
  if (senderKey !== undefined) rows = rows.where(ofDelivery('sender_key'), '=', senderKey)
  if (way.key[0] === 'accepted_at') return rows
  rows = rows.where(concealed('service_id'), '=', serviceId)
  if (way.index === 'recipient' && deliveryId !== undefined) {
    rows = rows.where(concealed('delivery_id'), '=', deliveryId)
  }
  if (from !== undefined) rows = rows.where(concealed('accepted_at'), '>=', from)
  if (to !== undefined) rows = rows.where(concealed('accepted_at'), '<', to)
  return rows
}

function ofDelivery(column: 'from_address' | 'sender_key') {
  return sql<string>`(select ${sql.ref(column)} from delivery where delivery.id = message.delivery_id)`
}

function concealed(column: keyof MessageTable) {
  return sql<number>`${sql.ref(column)} + 0`
}

function keyOf({ key }: Way, row: { accepted_at: number; id: number }): number[] {
  return key.map((column) => row[column])
}

type Row = Awaited<ReturnType<ReturnType<typeof matching>['execute']>>[number]

function toFound(row: Row): FoundMessage {
  return {
    ...toMessageView(row),
    deliveryId: row.delivery_id,
    from: row.from_address,
    acceptedAt: row.accepted_at,
  }
}
