import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import { sameList } from '../changing/same-list.ts'

interface OnList {
  addressKey: string
  listId: number
}

const COLUMNS = { place: 'integer', address_key: 'text', list_id: 'integer' } as const

/** How often each recipient was put on the list, or renewed there by a further mail; in the order of `recipients`. */
export async function countStops(database: Database, recipients: readonly OnList[]): Promise<number[]> {
  const rows = recipients.map(({ addressKey, listId }, place) => ({
    place,
    address_key: addressKey,
    list_id: listId,
  }))
  const counts = await database.read(
    database.query
      .selectFrom(rowSet(database, 'given', COLUMNS, rows))
      .crossJoin('event as e')
      .whereRef('e.address_key', '=', 'given.address_key')
      .where(sameList('e'))
      .where('e.kind', '=', 'stop')
      .select(['place', sql<number>`count(*)`.as('count')])
      .groupBy('place'),
  )
  const byPlace = new Map(counts.map(({ place, count }) => [place, count]))
  return recipients.map((_, place) => byPlace.get(place) ?? 0)
}
