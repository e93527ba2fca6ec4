import { type Compilable, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { Service } from '../tenants/service.ts'
import { type DeliveryView, findDelivery } from './delivery-store.ts'
import { moveWaiting } from './move-waiting.ts'

/**
 * Cancels a delivery of which all that can be sent still waits, whole, or leaves it as it is: what is answered as cancelled
 * reaches nobody. Answers which of both, and the delivery as it stands then. Throws DomainError `unknown-delivery`.
 */
export async function cancelUntouched(
  database: Database,
  service: Pick<Service, 'id' | 'timeZone'>,
  id: number,
  now: number,
): Promise<{ isCancelled: boolean; delivery: DeliveryView }> {
  const locks = lockWaiting(database, id)
  const results = await database.transact([
    ...locks,
    database.query
      .updateTable('delivery')
      .set({ state: 'cancelled' })
      .where('id', '=', id)
      .where('service_id', '=', service.id)
      .where('state', '!=', 'cancelled')
      .where(hasMessage(id, sql`= 'queued'`))
      .where(({ not }) => not(hasMessage(id, sql`not in ('queued', 'excluded')`)))
      .returning('id'),
  ])
  const isCancelled = (results[locks.length]?.length ?? 0) > 0
  const delivery = await findDelivery(database, service.id, id)
  if (!isCancelled) return { isCancelled, delivery }
  await moveWaiting(database, service, delivery, { state: 'cancelled', now })
  return { isCancelled, delivery: await findDelivery(database, service.id, id) }
}

function hasMessage(deliveryId: number, state: ReturnType<typeof sql>) {
  return sql<boolean>`exists (select 1 from message as m where m.delivery_id = ${deliveryId} and m.state ${state})`
}

/**
 * On PostgreSQL a claim that is under way would not be seen, nor see this: it is waited for. One that comes later reads
 * the state of the delivery behind its own commit, and puts back what it claimed.
 */
function lockWaiting({ engine, query }: Database, id: number): Compilable[] {
  if (engine === 'sqlite') return []
  return [
    query.selectFrom('delivery').select('id').where('id', '=', id).forUpdate(),
    query
      .selectFrom('message')
      .select('id')
      .where('delivery_id', '=', id)
      .where('state', '=', 'queued')
      .orderBy('bucket')
      .orderBy('id')
      .forUpdate(),
  ]
}
