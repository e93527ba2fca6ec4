import { type RawBuilder, sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { type PurgeOptions, purgePages } from '../storage/purge-pages.ts'
import { rowSet } from '../storage/row-set.ts'
import { retentionLimits } from '../tenants/retention.ts'

/** How long a lapsed row is kept, counted also from its last change: a longer lifetime would bring it back. */
const KEPT_AFTER_LAPSE_MS = 30 * DAY_MS

/**
 * Removes rows that lapsed by themselves more than 30 days ago; look-ups were right without it. Rows that somebody
 * resumed stay: by them a link in an older mail is told from one in a newer mail. Events stay. Answers how many rows
 * were removed.
 */
export async function purgeLapsed(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  const before = now - KEPT_AFTER_LAPSE_MS
  let removed = 0
  for (const listId of await listIds(database)) {
    removed += await purge(database, lapsedRows(listId, before), options)
    removed += await purge(database, overriddenRows(listId, before), options)
  }
  return removed
}

/**
 * Removes events of requests that were made and recorded longer ago than their service keeps evidence; most keep it
 * for ever. Answers how many were removed.
 */
export async function purgeEvents(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  let removed = 0
  for (const { serviceId, before } of await retentionLimits(database, now, 'evidenceDays')) {
    for (const listId of await listIds(database, serviceId)) {
      removed += await purge(database, oldEvents(listId, before), options)
    }
  }
  return removed
}

async function listIds(database: Database, serviceId?: number): Promise<number[]> {
  let rows = database.query.selectFrom('list').select('id').orderBy('id')
  if (serviceId !== undefined) rows = rows.where('service_id', '=', serviceId)
  return (await database.read(rows)).map(({ id }) => id)
}

/** What to remove: rows of one list, found along an index on `list_id`, `place` and `address_key`. */
interface Doomed {
  table: 'suppression' | 'event'
  listId: number
  place: 'requested_at' | 'expires_at'
  /** Checked by the deletion too, so that a row renewed after it was found stays. */
  condition(place: RawBuilder<number>): RawBuilder<boolean>
}

/** The lifetime is read by each statement, so that one just made longer counts. */
function lapsedRows(listId: number, before: number): Doomed {
  const lifetime = sql`(select lifetime_ms from list where id = ${listId})`
  return {
    table: 'suppression',
    listId,
    place: 'requested_at',
    condition: (requestedAt) =>
      sql`(active = 1 and expires_at is null and revision <= ${before} and ${requestedAt} <= ${before} - ${lifetime})`,
  }
}

function overriddenRows(listId: number, before: number): Doomed {
  return {
    table: 'suppression',
    listId,
    place: 'expires_at',
    condition: (expiresAt) => sql`(active = 1 and revision <= ${before} and ${expiresAt} <= ${before})`,
  }
}

function oldEvents(listId: number, before: number): Doomed {
  return {
    table: 'event',
    listId,
    place: 'requested_at',
    condition: (requestedAt) => sql`(recorded_at < ${before} and ${requestedAt} < ${before})`,
  }
}

function purge(database: Database, doomed: Doomed, options: PurgeOptions): Promise<number> {
  return purgePages<Found>(options, {
    find: (after, most) => database.read(find(database, doomed, after).limit(most)),
    remove: async (rows) => (await database.transact([remove(database, doomed, rows)]))[0].length,
  })
}

interface Found {
  address_key: string
  place: number
}

/** Both tables have the columns that the two statements name. */
const tableOf = ({ table }: Doomed) => table as 'event'

function find(database: Database, doomed: Doomed, after: Found | undefined) {
  const { listId, place, condition } = doomed
  const key = sql`(${sql.ref(place)}, address_key)`
  let rows = database.query
    .selectFrom(tableOf(doomed))
    .select(['address_key', sql.ref<number>(place).as('place')])
    .where('list_id', '=', listId)
    .where(condition(sql.ref(place)))
  if (after) rows = rows.where(sql<boolean>`${key} > (${after.place}, ${after.address_key})`)
  return rows.orderBy('place').orderBy('address_key')
}

/**
 * Seeks by address: `+ 0` rules the other indexes out, which PostgreSQL would choose before a table's first statistics.
 */
function remove(database: Database, doomed: Doomed, found: readonly Found[]) {
  const keys = [...new Set(found.map((row) => row.address_key))].map((address_key) => ({
    address_key,
    list_id: doomed.listId,
  }))
  const given = rowSet(database, 'given', { address_key: 'text', list_id: 'integer' }, keys)
  return database.query
    .deleteFrom(tableOf(doomed))
    .where(sql<boolean>`(address_key, list_id + 0) in (select address_key, list_id from ${given})`)
    .where(doomed.condition(sql`${sql.ref(doomed.place)} + 0`))
    .returning('list_id')
}
