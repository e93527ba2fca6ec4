import { type Address, parseAddress } from '../kernel/address.ts'
import type { Database } from '../storage/database.ts'
import { type Content, compileContent, rawContent, type StoredContent } from './content.ts'

/** A delivery as its messages need it. */
export interface LoadedDelivery {
  id: number
  serviceId: number
  from: Address
  content: Content
  transactional: boolean
  createdAt: number
  sendAt: number
}

const MOST_REMEMBERED = 100

/** Loads deliveries by id and remembers the last ones: a worker sends many messages of few. */
export function deliveryLoader(database: Database): (id: number) => Promise<LoadedDelivery> {
  const remembered = new Map<number, Promise<LoadedDelivery>>()
  return (id) => {
    let delivery = remembered.get(id)
    if (!delivery) {
      delivery = load(database, id)
      delivery.catch(() => remembered.delete(id))
      const oldest = remembered.keys().next()
      if (remembered.size >= MOST_REMEMBERED && !oldest.done) remembered.delete(oldest.value)
      remembered.set(id, delivery)
    }
    return delivery
  }
}

async function load(database: Database, id: number): Promise<LoadedDelivery> {
  const [row] = await database.read(
    database.query
      .selectFrom('delivery as d')
      .innerJoin('content as c', 'c.id', 'd.id')
      .select([
        'd.service_id',
        'd.from_address',
        'd.transactional',
        'd.created_at',
        'd.send_at',
        'c.template_json',
        'c.raw',
      ])
      .where('d.id', '=', id),
  )
  const from = row && parseAddress(row.from_address)
  if (!row || !from) throw new Error(`delivery ${id} has no content`)
  return {
    id,
    serviceId: row.service_id,
    from,
    content: row.raw
      ? rawContent(Buffer.from(row.raw))
      : compileContent(JSON.parse(row.template_json) as StoredContent),
    transactional: row.transactional === 1,
    createdAt: row.created_at,
    sendAt: row.send_at,
  }
}
