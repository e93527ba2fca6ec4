import { sql } from 'kysely'
import { addressKey } from '../kernel/address.ts'
import { dayOf } from '../kernel/calendar.ts'
import type { Database } from '../storage/database.ts'
import type { Tables } from '../storage/tables.ts'
import type { Service } from '../tenants/service.ts'
import { addCounts } from './day-counts.ts'
import type { DeliveryView } from './delivery-store.ts'
import { PARKED } from './sending/lane.ts'
import { shareDeliveries } from './sending/share-deliveries.ts'

type State = Tables['delivery']['state']

const ROWS_PER_COMMIT = 2_000

/**
 * Has the waiting messages of a delivery follow a state that it has been given: in small commits, so that nobody waits
 * behind a million of them. What is not done when the process ends, whoever claims a message does.
 */
export async function moveWaiting(
  database: Database,
  service: Pick<Service, 'id' | 'timeZone'>,
  { id, from }: Pick<DeliveryView, 'id' | 'from'>,
  { state, now }: { state: State; now: number },
): Promise<void> {
  const { query } = database
  const day = dayOf(now, service.timeZone)
  const sender = addressKey(from) ?? from
  for await (const { first, last } of waitingRanges(database, id, state)) {
    const range = sql<boolean>`delivery_id = ${id} and id between ${first} and ${last} and state = 'queued'`
    // By the state as it is then: a pause and a resume at the same time end as whichever came last.
    const lane = sql<number>`lane % ${sql.lit(PARKED)} + case when ${isInState(database, id, 'paused')}
      then ${sql.lit(PARKED)} else 0 end`
    const isCancelled = isInState(database, id, 'cancelled')
    const locked = shareDeliveries(database, [id])
    if (state === 'cancelled') {
      const doomed = sql<boolean>`${range} and ${isCancelled}`
      await database.transact([
        ...locked,
        countCancelled(database, { service_id: service.id, day, sender }, doomed),
        query.updateTable('message').set({ state: 'cancelled', updated_at: now }).where(doomed),
      ])
    } else await database.transact([...locked, query.updateTable('message').set({ lane }).where(range)])
  }
}

function isInState({ query }: Database, id: number, state: State) {
  return sql<boolean>`exists ${query.selectFrom('delivery').select('id').where('id', '=', id).where('state', '=', state)}`
}

/** Ranges of ids of the delivery's waiting messages that are not yet as the state wants them. */
async function* waitingRanges(database: Database, id: number, state: State) {
  for (let after = 0; ; ) {
    let rows = database.query
      .selectFrom('message')
      .select('id')
      .where('delivery_id', '=', id)
      .where('id', '>', after)
      .where('state', '=', 'queued')
    if (state !== 'cancelled') rows = rows.where('lane', state === 'paused' ? '<' : '>=', PARKED)
    const found = await database.read(rows.orderBy('id').limit(ROWS_PER_COMMIT))
    const [first, last] = [found[0], found.at(-1)]
    if (!first || !last) return
    yield { first: first.id, last: last.id }
    after = last.id
  }
}

function countCancelled(
  database: Database,
  { service_id, day, sender }: { service_id: number; day: string; sender: string },
  range: ReturnType<typeof sql<boolean>>,
) {
  return addCounts(
    database,
    database.query
      .selectFrom('message')
      .select(({ val, lit, fn }) => [
        sql<number>`${val(service_id)}`.as('service_id'),
        sql<string>`${val(day)}`.as('day'),
        sql<string>`${val(sender)}`.as('sender'),
        sql<'cancelled'>`'cancelled'`.as('outcome'),
        lit(0).as('list_id'),
        fn.countAll<number>().as('count'),
      ])
      .where(range)
      .having((having) => having(having.fn.countAll(), '>', 0)),
  )
}
