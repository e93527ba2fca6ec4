import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import type { ListKind } from '../storage/tables.ts'
import type { Day } from './expiring.ts'

export interface ListedOnDay {
  day: string
  kind: ListKind
  count: number
}

const SPAN = { day: 'text', begins: 'integer', ends: 'integer' } as const

/**
 * Counts, by day and kind of list, whose latest request, bounce or complaint fell on it, whatever became of it since. Each list and
 * day is one range of the index on requests, and no row is read; days without any are left out.
 */
export async function countListed(
  database: Database,
  serviceId: number,
  days: readonly Day[],
): Promise<ListedOnDay[]> {
  const spans = days.map(({ day, from, to }) => ({ day, begins: from, ends: to }))
  const onDay = sql<number>`(select count(*) from suppression as s
    where s.list_id = list.id and s.requested_at >= span.begins and s.requested_at < span.ends)`
  const found = await database.read(
    database.query
      .selectFrom(rowSet(database, 'span', SPAN, spans))
      .crossJoin('list')
      .where('list.service_id', '=', serviceId)
      .select([
        sql<string>`span.day`.as('day'),
        'list.kind',
        sql<number>`cast(sum(${onDay}) as bigint)`.as('count'),
      ])
      .groupBy(['span.day', 'list.kind'])
      .orderBy('span.day'),
  )
  return found.filter(({ count }) => count > 0)
}
