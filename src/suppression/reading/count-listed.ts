import { sql } from 'kysely'
import type { Day } from '../../kernel/calendar.ts'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'

export interface ListedOnDay {
  day: string
  listId: number
  /** At most `MOST_COUNTED`. */
  count: number
}

/** A day on which a file filled a list must not cost more than others: nothing beyond this is counted. */
export const MOST_COUNTED = 50_000

const SPAN = { day: 'text', begins: 'integer', ends: 'integer' } as const

/**
 * Counts, by day and list, the recipients whose latest request, bounce or complaint fell on that day, whatever became
 * of it since. Each list and day is one range of the index on requests, and no row is read; days and lists without any
 * are left out.
 */
export async function countListed(
  database: Database,
  serviceId: number,
  days: readonly Day[],
  most = MOST_COUNTED,
): Promise<ListedOnDay[]> {
  const spans = days.map(({ day, from, to }) => ({ day, begins: from, ends: to }))
  const onDay = sql<number>`(select count(*) from (select 1 from suppression as s where s.list_id = list.id
    and s.requested_at >= span.begins and s.requested_at < span.ends limit ${most}) as part)`
  const found = await database.read(
    database.query
      .selectFrom(rowSet(database, 'span', SPAN, spans))
      .crossJoin('list')
      .where('list.service_id', '=', serviceId)
      .select([sql<string>`span.day`.as('day'), 'list.id as listId', onDay.as('count')])
      .orderBy('span.day')
      .orderBy('list.id'),
  )
  return found.filter(({ count }) => count > 0)
}
