import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import { findServices } from '../tenants/service.ts'
import { BUCKETS } from './bucket.ts'
import { type PurgeOptions, purgePages } from './purge-pages.ts'

/**
 * Removes what mails said, the service's `mailDays` after they came, unless one of their messages still has to be sent.
 * Answers how many contents were removed.
 */
export async function purgeContents(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  const services = await findServices(database)
  if (services.length === 0) return 0
  const limits = services.map(({ id, settings }) => ({ id, before: now - settings.mailDays * DAY_MS }))
  // Read first: a message that is done does not wait again, but for a re-send, which renews `stored_at`.
  const needed = await neededContents(database, Math.max(...limits.map(({ before }) => before)))
  let removed = 0
  for (const { id, before } of limits) {
    removed += await purgePages<OldContent>(options, {
      find: (after, most) => database.read(oldContents(database, id, before, after).limit(most)),
      isDoomed: (row) => !needed.has(row.id),
      bytesOf: ({ bytes }) => bytes,
      remove: async (rows) => {
        const given = rowSet(
          database,
          'given',
          { id: 'integer' },
          rows.map((row) => ({ id: row.id })),
        )
        const [gone] = await database.transact([
          database.query
            .deleteFrom('content')
            .where(sql<boolean>`id in (select id from ${given})`)
            .where(sql`stored_at + 0`, '<=', before)
            .returning('id'),
        ])
        return gone.length
      },
    })
  }
  return removed
}

/**
 * Removes mails that were kept for lack of a relay, the service's `mailDays` after they were made. Answers how many.
 */
export async function purgeKeptMail(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  const services = await findServices(database)
  const limits = new Map(services.map(({ id, settings }) => [id, now - settings.mailDays * DAY_MS]))
  return purgePages<KeptMail>(options, {
    find: (after, most) => database.read(keptMails(database, after).limit(most)),
    isDoomed: ({ service_id, updated_at }) => updated_at <= (limits.get(service_id) ?? 0),
    bytesOf: ({ bytes }) => bytes,
    remove: async (rows) => {
      await database.transact([removeKeptMail(database, rows)])
      return rows.length
    },
  })
}

export function removeKeptMail(database: Database, mails: readonly { bucket: number; message_id: number }[]) {
  const keys = mails.map(({ bucket, message_id }) => ({ bucket, message_id }))
  const given = rowSet(database, 'given', { bucket: 'integer', message_id: 'integer' }, keys)
  return database.query
    .deleteFrom('kept_mail')
    .where(sql<boolean>`(bucket, message_id) in (select bucket, message_id from ${given})`)
}

/** The contents of messages that came before this moment and are not done. */
async function neededContents(database: Database, before: number): Promise<Set<number>> {
  const needed = new Set<number>()
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const inState = (state: 'queued' | 'sending') =>
      database.query
        .selectFrom('message')
        .select('content_id')
        // Keys first, from the small index of the state: SQLite would read the whole bucket for the other columns.
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('bucket', 'id'),
            'in',
            selectFrom('message')
              .select(['bucket', 'id'])
              .where('bucket', '=', bucket)
              .where(sql<boolean>`state = ${sql.lit(state)}`)
              .$asTuple('bucket', 'id'),
          ),
        )
        .where(sql`accepted_at + 0`, '<=', before)
    // One statement, since a message goes to and fro between the two.
    for (const { content_id } of await database.read(inState('queued').union(inState('sending')))) {
      needed.add(content_id)
    }
  }
  return needed
}

interface OldContent {
  id: number
  stored_at: number
  bytes: number
}

interface KeptMail {
  bucket: number
  message_id: number
  service_id: number
  updated_at: number
  bytes: number
}

function oldContents({ query }: Database, serviceId: number, before: number, after: OldContent | undefined) {
  let rows = query
    .selectFrom('content')
    .select(['id', 'stored_at'])
    .select(sql<number>`coalesce(octet_length(raw), 0) + octet_length(template_json)`.as('bytes'))
    .where('service_id', '=', serviceId)
    .where('stored_at', '<=', before)
  if (after) rows = rows.where(sql<boolean>`(stored_at, id) > (${after.stored_at}, ${after.id})`)
  return rows.orderBy('stored_at').orderBy('id')
}

function keptMails({ query }: Database, after: KeptMail | undefined) {
  let rows = query
    .selectFrom('kept_mail as k')
    .innerJoin('message as m', (join) =>
      join.onRef('m.bucket', '=', 'k.bucket').onRef('m.id', '=', 'k.message_id'),
    )
    .select(['k.bucket', 'k.message_id', 'm.service_id', 'm.updated_at'])
    .select(sql<number>`octet_length(k.raw)`.as('bytes'))
  if (after) {
    rows = rows.where(sql<boolean>`(k.bucket, k.message_id) > (${after.bucket}, ${after.message_id})`)
  }
  return rows.orderBy('k.bucket').orderBy('k.message_id')
}
