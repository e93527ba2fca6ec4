import { type Compilable, type Kysely, type SqlBool, sql } from 'kysely'
import { revisionOf } from '../kernel/revision.ts'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'

/*
 * The live filters of a service have distinct positions, in which there may be gaps. A filter that is put where another
 * one stands moves that one, and those right after it, one further.
 */

type Query = Kysely<Tables>

/**
 * Must come first in a transaction that changes positions, so that two of them in one service run one after the other.
 */
export function oneAtATime(query: Query, serviceId: number): Compilable {
  return query
    .updateTable('service')
    .set(({ ref }) => ({ name: ref('name') }))
    .where('id', '=', serviceId)
}

interface Placed {
  listId: number
  position: number
}

/** Stands for the order and positions of a service's filters; moving one of them may be held to it. */
export function revisionOfOrder(filters: readonly Placed[]): string {
  return revisionOf(filters.map(({ listId, position }) => [listId, position]))
}

/** Whether the service's filters and their positions are still these; to be asked after `oneAtATime`. */
export function standsAs(database: Database, serviceId: number, filters: readonly Placed[]) {
  const { query } = database
  const rows = filters.map(({ listId, position }) => ({ list_id: listId, position }))
  const seen = rowSet(database, 'seen', { list_id: 'integer', position: 'integer' }, rows)
  const live = query
    .selectFrom('filter')
    .where('filter.service_id', '=', serviceId)
    .where('filter.deleted_at', 'is', null)
    .select(({ fn }) => fn.countAll().as('count'))
  const inPlace = live.innerJoin(seen, (join) =>
    join.onRef('seen.list_id', '=', 'filter.list_id').onRef('seen.position', '=', 'filter.position'),
  )
  return sql<SqlBool>`((${live}) = ${filters.length} and (${inPlace}) = ${filters.length})`
}

/** The position after all of them. */
export function lastPosition(serviceId: number) {
  return sql<number>`(select coalesce(max(position), 0) + 1 from filter
    where service_id = ${serviceId} and deleted_at is null)`
}

/** Makes the other filters give way to one that was put at a position. */
export function giveWay(
  query: Query,
  { serviceId, listId }: { serviceId: number; listId: number },
): Compilable {
  const own = sql`(select position from filter where list_id = ${listId})`
  // From this position on, the n-th filter stands n - 1 further as long as there is no gap before it.
  const behind = sql<number>`(select list_id from (
    select list_id, position - dense_rank() over (order by position) + 1 as start from filter
    where service_id = ${serviceId} and deleted_at is null and list_id <> ${listId} and position >= ${own}
  ) as run where start = ${own})`
  return query
    .updateTable('filter')
    .set(({ eb, ref, lit }) => ({ position: eb(ref('position'), '+', lit(1)) }))
    .where('list_id', 'in', behind)
}
