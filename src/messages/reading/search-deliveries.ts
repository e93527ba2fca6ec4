import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type Bounds, type ScanPage, scanPage, within } from '../../storage/keyset-scan.ts'
import type { Tables } from '../../storage/tables.ts'
import { type DeliveryView, viewDeliveries } from '../delivery-store.ts'

export interface DeliverySearch {
  serviceId: number
  state?: Tables['delivery']['state'] | undefined
  /** From, as an address key. */
  senderKey?: string | undefined
  reference?: string | undefined
  /** The period of acceptance, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
  /** The `next` of the page before, of the same search. */
  cursor?: string | undefined
  limit: number
}

/** Finds deliveries of a service, newest first. Pages as `scanPage` gives them. */
export async function searchDeliveries(
  database: Database,
  search: DeliverySearch,
): Promise<ScanPage<DeliveryView>> {
  const { state, senderKey, reference, cursor, limit } = search
  const page = await scanPage<Tables['delivery']>({
    keyLength: 2,
    cursor,
    limit,
    // With one reference there is a delivery for each From and kind: few, and found by an index of their own.
    selective: reference === undefined && (state !== undefined || senderKey !== undefined),
    keyAfter: async (after, places) => {
      const rows = alongIndex(database, search, { after, floor: undefined })
      const [row] = await database.read(rows.select(['created_at', 'id']).limit(1).offset(places))
      return row && keyOf(row)
    },
    read: (bounds, most) => {
      let rows = alongIndex(database, search, bounds).selectAll()
      if (state !== undefined) rows = rows.where('state', '=', state)
      if (senderKey !== undefined) rows = rows.where('sender_key', '=', senderKey)
      return database.read(rows.limit(most))
    },
    keyOf,
  })
  return { ...page, items: await viewDeliveries(database, page.items) }
}

function alongIndex({ query }: Database, { serviceId, reference, from, to }: DeliverySearch, bounds: Bounds) {
  let rows = query.selectFrom('delivery').where('service_id', '=', serviceId)
  if (reference !== undefined) rows = rows.where('reference', '=', reference)
  // Hidden from the planner when there is a reference, so that its few deliveries are not looked for among all of the
  // period.
  const createdAt = reference === undefined ? sql.ref<number>('created_at') : sql<number>`created_at + 0`
  rows = rows.where(within([createdAt, sql.ref('id')], bounds, { from, to }))
  return rows.orderBy(createdAt, 'desc').orderBy('id', 'desc')
}

function keyOf({ created_at, id }: Pick<Tables['delivery'], 'created_at' | 'id'>): number[] {
  return [created_at, id]
}
