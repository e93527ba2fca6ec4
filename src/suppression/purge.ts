import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'

/** A lapsed row is kept this long, and never shorter than that after its last change: a longer lifetime brings it back. */
const KEPT_AFTER_LAPSE_MS = 30 * DAY_MS

const MOST_ROWS_PER_COMMIT = 1_000

/**
 * Removes rows that lapsed by themselves more than 30 days ago; look-ups were right without it. Rows that somebody
 * resumed stay: they tell a link of an older mail from a new one. Events stay. `batch` is the number of rows per
 * commit, so that requests go between. Answers how many rows were removed.
 */
export async function purgeLapsed(
  database: Database,
  now: number,
  { batch = MOST_ROWS_PER_COMMIT }: { batch?: number } = {},
): Promise<number> {
  let removed = 0
  for (const listId of await listIds(database)) {
    const lapsed = () => deleteLapsed(database, listId, now - KEPT_AFTER_LAPSE_MS, batch)
    const overridden = () => deleteOverridden(database, listId, now - KEPT_AFTER_LAPSE_MS, batch)
    for (const next of [lapsed, overridden]) removed += await repeated(database, next, batch)
  }
  return removed
}

/**
 * Removes events of requests that were made and recorded more than `evidenceDays` ago; null keeps them for ever.
 * Answers how many were removed.
 */
export async function purgeEvents(
  database: Database,
  now: number,
  { evidenceDays, batch = MOST_ROWS_PER_COMMIT }: { evidenceDays: number | null; batch?: number },
): Promise<number> {
  if (evidenceDays === null) return 0
  let removed = 0
  for (const listId of await listIds(database)) {
    const next = () => deleteEvents(database, listId, now - evidenceDays * DAY_MS, batch)
    removed += await repeated(database, next, batch)
  }
  return removed
}

async function listIds(database: Database): Promise<number[]> {
  const rows = await database.read(database.query.selectFrom('list').select('id').orderBy('id'))
  return rows.map(({ id }) => id)
}

async function repeated(
  database: Database,
  next: () => ReturnType<typeof deleteLapsed>,
  batch: number,
): Promise<number> {
  for (let removed = 0; ; ) {
    const [rows] = await database.transact([next()])
    removed += rows.length
    if (rows.length < batch) return removed
  }
}

/*
 * The conditions stand in the deletion too, not in the choice of keys alone: a row that is renewed between the two must
 * stay. The lifetime is read by the same statement, so that a longer one that was just set counts.
 */

function deleteLapsed(database: Database, listId: number, before: number, batch: number) {
  const lifetime = sql`(select lifetime_ms from list where id = ${listId})`
  const lapsed = sql<boolean>`(active = 1 and expires_at is null and requested_at <= ${before} - ${lifetime}
    and revision <= ${before})`
  const keys = database.query
    .selectFrom('suppression')
    .select('address_key')
    .where('list_id', '=', listId)
    .where(lapsed)
    .orderBy('requested_at')
    .orderBy('address_key')
    .limit(batch)
  return database.query
    .deleteFrom('suppression')
    .where('list_id', '=', listId)
    .where(lapsed)
    .where('address_key', 'in', keys)
    .returning('list_id')
}

function deleteOverridden(database: Database, listId: number, before: number, batch: number) {
  const lapsed = sql<boolean>`(active = 1 and expires_at <= ${before} and revision <= ${before})`
  const keys = database.query
    .selectFrom('suppression')
    .select('address_key')
    .where('list_id', '=', listId)
    .where(lapsed)
    .limit(batch)
  return database.query
    .deleteFrom('suppression')
    .where('list_id', '=', listId)
    .where(lapsed)
    .where('address_key', 'in', keys)
    .returning('list_id')
}

function deleteEvents(database: Database, listId: number, before: number, batch: number) {
  const keys = database.query
    .selectFrom('event')
    .select(['address_key', 'recorded_at'])
    .where('list_id', '=', listId)
    .where('requested_at', '<', before)
    .where('recorded_at', '<', before)
    .orderBy('requested_at')
    .orderBy('address_key')
    .limit(batch)
  return database.query
    .deleteFrom('event')
    .where('list_id', '=', listId)
    .where(({ eb, refTuple }) =>
      eb(refTuple('address_key', 'recorded_at'), 'in', keys.$asTuple('address_key', 'recorded_at')),
    )
    .returning('list_id')
}
