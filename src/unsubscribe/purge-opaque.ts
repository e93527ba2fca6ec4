import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { type PurgeOptions, purgePages } from '../storage/purge-pages.ts'
import { rowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'
import { findLists } from '../tenants/list.ts'
import { retentionLimits } from '../tenants/retention.ts'

/** Removes opaque parts that came longer ago than their service keeps them. Answers how many went. */
export async function purgeOpaqueParts(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  let removed = 0
  for (const { serviceId, before } of await retentionLimits(database, now, 'opaqueDays')) {
    for (const list of await findLists(database, serviceId)) {
      removed += await purgePages<OldPart>(options, {
        find: (after, most) => database.read(oldParts(database, list.id, before, after).limit(most)),
        remove: (rows) => remove(database, list.id, rows),
      })
    }
  }
  return removed
}

type OldPart = Pick<Tables['opaque_request'], 'day' | 'part' | 'received_at'>

function oldParts({ query }: Database, listId: number, before: number, after: OldPart | undefined) {
  let rows = query
    .selectFrom('opaque_request')
    .select(['day', 'part', 'received_at'])
    .where('list_id', '=', listId)
    .where('received_at', '<=', before)
  if (after) rows = rows.where(sql<boolean>`(received_at, part) > (${after.received_at}, ${after.part})`)
  return rows.orderBy('received_at').orderBy('part')
}

async function remove(database: Database, listId: number, rows: readonly OldPart[]): Promise<number> {
  const keys = rows.map(({ day, part }) => ({ day, part }))
  const given = rowSet(database, 'given', { day: 'text', part: 'text' }, keys)
  const [gone] = await database.transact([
    database.query
      .deleteFrom('opaque_request')
      .where('list_id', '=', listId)
      .where(sql<boolean>`(day, part) in (select day, part from ${given})`)
      .returning('day'),
  ])
  return gone.length
}
