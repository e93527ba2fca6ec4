import { type Compilable, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import { dueUntil } from '../../tenants/cancel-mode.ts'
import { findServices } from '../../tenants/service.ts'
import type { Source } from './change.ts'
import { resumeAsSeen, type SeenStop } from './resume-as-seen.ts'

const COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  service_id: 'integer',
  address: 'text',
  seen_requested_at: 'integer',
  asked_at: 'integer',
  source: 'text',
} as const
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]

const MOST_PER_TRANSACTION = 500

/** The statement that makes cancellations wait for the service's hour; a later one replaces an earlier one. */
export function addPending(database: Database, serviceId: number, stops: readonly SeenStop[]): Compilable {
  const rows = stops.map((stop) => ({
    address_key: stop.recipient.key,
    list_id: stop.listId,
    service_id: serviceId,
    address: stop.recipient.address,
    seen_requested_at: stop.seenRequestedAt,
    asked_at: stop.askedAt,
    source: stop.source,
  }))
  return database.query
    .insertInto('pending_resume')
    .columns(NAMES)
    .expression(
      (eb) =>
        eb
          .selectFrom(rowSet(database, 'given', COLUMNS, rows))
          .select(NAMES)
          // SQLite would read `on conflict` as a join's `on` without a where (its documentation, "parsing ambiguity").
          .where(sql<boolean>`1 = 1`)
          .orderBy('address_key')
          .orderBy('list_id') as never,
    )
    .onConflict((oc) =>
      oc.columns(['address_key', 'list_id']).doUpdateSet({
        address: sql<string>`excluded.address`,
        seen_requested_at: sql<number>`excluded.seen_requested_at`,
        asked_at: sql<number>`excluded.asked_at`,
        source: sql<string>`excluded.source`,
      }),
    )
}

/**
 * Carries out the cancellations whose hour has come since they were asked for, by the services' present settings; an
 * hour that passed while no process ran is made up for. Whoever asked to stop again meanwhile stays excluded. Answers
 * how many no longer wait.
 */
export async function applyPending(
  database: Database,
  now: number,
  { signal }: { signal: AbortSignal },
): Promise<number> {
  const { query } = database
  const waiting = await database.read(query.selectFrom('pending_resume').select('service_id').distinct())
  const ids = new Set(waiting.map(({ service_id }) => service_id))
  if (ids.size === 0) return 0
  let done = 0
  for (const { id, timeZone, settings } of await findServices(database)) {
    if (!ids.has(id)) continue
    const until = dueUntil(settings.cancelMode, timeZone, now)
    for (let applied = MOST_PER_TRANSACTION; applied === MOST_PER_TRANSACTION && !signal.aborted; ) {
      applied = await applySome(database, id, until, now)
      done += applied
    }
  }
  return done
}

async function applySome(database: Database, serviceId: number, until: number, now: number): Promise<number> {
  const { query } = database
  const rows = await database.read(
    query
      .selectFrom('pending_resume')
      .selectAll()
      .where('service_id', '=', serviceId)
      .where('asked_at', '<=', until)
      .orderBy('asked_at')
      .orderBy('address_key')
      .orderBy('list_id')
      .limit(MOST_PER_TRANSACTION),
  )
  if (rows.length === 0) return 0
  const stops = rows.map((row) => ({
    recipient: { key: row.address_key, address: row.address },
    listId: row.list_id,
    seenRequestedAt: row.seen_requested_at,
    askedAt: row.asked_at,
    source: row.source as Source,
  }))
  const done = rowSet(database, 'done', COLUMNS, rows)
  await database.transact([
    ...resumeAsSeen(database, stops, now),
    // One that was asked for again meanwhile waits for its own hour.
    query
      .deleteFrom('pending_resume')
      .where(
        sql<boolean>`exists (select 1 from ${done} where done.address_key = pending_resume.address_key
          and done.list_id = pending_resume.list_id and done.asked_at = pending_resume.asked_at)`,
      )
      .where('service_id', '=', serviceId)
      .where('asked_at', '<=', until),
  ])
  return rows.length
}
