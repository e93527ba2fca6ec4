import { type Compilable, type Kysely, sql } from 'kysely'
import type { Tables } from '../storage/tables.ts'

/*
 * The live filters of a service stand at positions of their own, in which there may be gaps. Whoever is put where another
 * one stands moves it, and those right behind it, one further.
 */

type Query = Kysely<Tables>

/** To come first in a transaction that changes positions: two of them in one service come one after the other. */
export function oneAtATime(query: Query, serviceId: number): Compilable {
  return query
    .updateTable('service')
    .set(({ ref }) => ({ name: ref('name') }))
    .where('id', '=', serviceId)
}

/** Behind all of them. */
export function lastPosition(serviceId: number) {
  return sql<number>`(select coalesce(max(position), 0) + 1 from filter
    where service_id = ${serviceId} and deleted_at is null)`
}

/** Makes the others give way to a filter that was put in its place. */
export function giveWay(
  query: Query,
  { serviceId, listId }: { serviceId: number; listId: number },
): Compilable {
  const own = sql`(select position from filter where list_id = ${listId})`
  // Of those from here on, the n-th stands n - 1 further as long as there is no gap between them.
  const behind = sql<number>`(select list_id from (
    select list_id, position - dense_rank() over (order by position) + 1 as start from filter
    where service_id = ${serviceId} and deleted_at is null and list_id <> ${listId} and position >= ${own}
  ) as run where start = ${own})`
  return query
    .updateTable('filter')
    .set(({ eb, ref, lit }) => ({ position: eb(ref('position'), '+', lit(1)) }))
    .where('list_id', 'in', behind)
}
