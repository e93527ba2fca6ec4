import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type PurgeOptions, purgePages } from '../../storage/purge-pages.ts'
import { rowSet } from '../../storage/row-set.ts'
import { type RetentionLimit, retentionLimits } from '../../tenants/retention.ts'
import { neededContents } from './needed-contents.ts'

interface ContentOptions extends PurgeOptions {
  /** At most this many needed contents are held at a time; where there are more, all contents are walked again. */
  mostKnown?: number | undefined
}

const MOST_KNOWN = 200_000

/**
 * Removes contents, the service's `mailDays` after they came, unless one of their messages still has to be sent.
 * Answers how many contents were removed.
 */
export async function purgeContents(
  database: Database,
  now: number,
  { mostKnown = MOST_KNOWN, ...options }: ContentOptions = {},
): Promise<number> {
  const limits = await retentionLimits(database, now, 'mailDays')
  if (limits.length === 0) return 0
  const latest = Math.max(...limits.map(({ before }) => before))
  let removed = 0
  for (let after = 0; !options.signal?.aborted; ) {
    // Read first: a message that is done only waits again after a re-send, which renews `stored_at`.
    const { ids, upTo } = await neededContents(database, latest, after, mostKnown)
    const isDoomed = ({ id }: OldContent) => id > after && id <= upTo && !ids.has(id)
    for (const limit of limits) removed += await purgeOf(database, limit, isDoomed, options)
    if (upTo === Number.POSITIVE_INFINITY) break
    after = upTo
  }
  return removed
}

function purgeOf(
  database: Database,
  limit: RetentionLimit,
  isDoomed: (row: OldContent) => boolean,
  options: PurgeOptions,
): Promise<number> {
  return purgePages<OldContent>(options, {
    find: (after, most) => database.read(oldContents(database, limit, after).limit(most)),
    isDoomed,
    bytesOf: ({ bytes }) => bytes,
    remove: async (rows) => {
      const ids = rows.map(({ id }) => ({ id }))
      const given = rowSet(database, 'given', { id: 'integer' }, ids)
      const [gone] = await database.transact([
        database.query
          .deleteFrom('content')
          .where(sql<boolean>`id in (select id from ${given})`)
          .where(sql`stored_at + 0`, '<=', limit.before)
          .returning('id'),
      ])
      return gone.length
    },
  })
}

interface OldContent {
  id: number
  stored_at: number
  bytes: number
}

function oldContents(
  { query }: Database,
  { serviceId, before }: RetentionLimit,
  after: OldContent | undefined,
) {
  let rows = query
    .selectFrom('content')
    .select(['id', 'stored_at'])
    .select(sql<number>`coalesce(octet_length(raw), 0) + octet_length(template_json)`.as('bytes'))
    .where('service_id', '=', serviceId)
    .where('stored_at', '<=', before)
  if (after) rows = rows.where(sql<boolean>`(stored_at, id) > (${after.stored_at}, ${after.id})`)
  return rows.orderBy('stored_at').orderBy('id')
}
