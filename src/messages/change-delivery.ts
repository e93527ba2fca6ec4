import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import type { Tables } from '../storage/tables.ts'
import type { Service } from '../tenants/service.ts'
import { type DeliveryView, findDelivery } from './delivery-store.ts'
import { moveWaiting } from './move-waiting.ts'

/**
 * Pauses, resumes or cancels what has not been handed to the relay yet. The delivery's own state counts from the first
 * commit on; its messages follow.
 * Throws DomainError `unknown-delivery`, or `wrong-state` because a cancelled delivery stays cancelled.
 */
export async function changeDelivery(
  database: Database,
  service: Pick<Service, 'id' | 'timeZone'>,
  id: number,
  state: Tables['delivery']['state'],
  now: number,
): Promise<DeliveryView> {
  const [changed] = await database.transact([
    database.query
      .updateTable('delivery')
      .set({ state })
      .where('id', '=', id)
      .where('service_id', '=', service.id)
      .where('state', '!=', 'cancelled')
      .returning('id'),
  ])
  const delivery = await findDelivery(database, service.id, id)
  if (changed.length === 0 && state !== 'cancelled') {
    throw new DomainError('wrong-state', 'a cancelled delivery cannot be taken up again', { field: 'id' })
  }
  await moveWaiting(database, service, delivery, { state, now })
  return findDelivery(database, service.id, id)
}
