import { sql } from 'kysely'
import { createBatcher } from '../../kernel/batcher.ts'
import type { Database } from '../../storage/database.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import { rowSet } from '../../storage/row-set.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../erased/erased.ts'
import type { Standing } from './standing.ts'

/**
 * Finds where recipients stand on every list, by address key. Keys that are on no list are absent. `siteId` is the site
 * on whose behalf it is asked: if nobody was erased there, no look-up by hash is needed.
 */
export type LookUp = (addressKeys: readonly string[], siteId?: number) => Promise<Map<string, Standing[]>>

const MOST_KEYS_PER_READ = 10_000
const MOST_CALLERS_PER_BATCH = 256
const EVERY_SITE = -1
/** In place of a list's id: marks a row which says that a site erased somebody. */
const ERASED_SOMEBODY = -1

interface Caller {
  keys: readonly string[]
  siteId: number
}

/**
 * Look-ups that wait at the same time are read together. Rejects when they cannot be made: the mail is then deferred,
 * never sent.
 */
export function createLookUp(database: Database, erased: Pick<ErasedPeople, 'find'> = NOBODY_ERASED): LookUp {
  const batcher = createBatcher<Caller, Map<string, Standing[]>>({
    mostItems: MOST_CALLERS_PER_BATCH,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: async (callers) => {
      // Sorted, so that each seek goes through the index mostly where the one before it went.
      const keys = [...new Set(callers.flatMap((caller) => caller.keys))].sort()
      const sites = [...new Set(callers.map((caller) => caller.siteId))]
      const found = await readStandings(database, erased, keys, sites)
      if (callers.length === 1) return [found]
      return callers.map(({ keys }) => {
        const own = keys.map((key) => [key, found.get(key)] as const)
        return new Map(own.filter((entry): entry is readonly [string, Standing[]] => entry[1] !== undefined))
      })
    },
  })
  return (keys, siteId = EVERY_SITE) => batcher.add({ keys, siteId })
}

async function readStandings(
  database: Database,
  erased: Pick<ErasedPeople, 'find'>,
  keys: string[],
  siteIds: readonly number[],
): Promise<Map<string, Standing[]>> {
  const found = new Map<string, Standing[]>()
  const add = (key: string, row: Row) => {
    const standings = found.get(key)
    if (standings) standings.push(toStanding(row))
    else found.set(key, [toStanding(row)])
  }
  for (let start = 0; start < keys.length; start += MOST_KEYS_PER_READ) {
    const some = keys.slice(start, start + MOST_KEYS_PER_READ)
    // One statement, so that for somebody erased meanwhile either the address or the mark is found.
    const rows = await database.read(probe(database, some).unionAll(marks(database, siteIds)))
    const marked: number[] = []
    for (const row of rows) {
      if (row.list_id === ERASED_SOMEBODY) marked.push(row.since)
      else add(row.address_key, row)
    }
    if (marked.length === 0) continue
    const hashes = await erased.find(some, marked.includes(EVERY_SITE) ? undefined : marked)
    const keyOf = new Map([...hashes].map(([key, hash]) => [hash, key]))
    if (keyOf.size === 0) continue
    for (const row of await database.read(probe(database, [...keyOf.keys()]))) {
      add(keyOf.get(row.address_key) as string, row)
    }
  }
  return found
}

type Row = Awaited<ReturnType<ReturnType<typeof probe>['execute']>>[number]

function toStanding(row: Row): Standing {
  return {
    listId: row.list_id,
    active: true,
    since: row.since,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    lifetimeMs: row.lifetime_ms,
    reason: row.reason,
  }
}

/** A row for each of the sites that erased somebody, with the site's id in place of `since`. */
function marks(database: Database, siteIds: readonly number[]) {
  const rows = siteIds.map((site_id) => ({ site_id }))
  const none = sql<null>`cast(null as bigint)`
  return database.query
    .selectFrom(rowSet(database, 'asking', { site_id: 'integer' }, rows))
    .select([
      sql<string>`cast('' as text)`.as('address_key'),
      sql<number>`cast(${sql.lit(ERASED_SOMEBODY)} as bigint)`.as('list_id'),
      sql<number>`asking.site_id`.as('since'),
      sql<number>`cast(0 as bigint)`.as('requested_at'),
      none.as('expires_at'),
      sql<string>`cast('' as text)`.as('reason'),
      none.as('lifetime_ms'),
    ])
    .where(
      sql<boolean>`exists (select 1 from erased as e where e.site_id = asking.site_id)
        or (asking.site_id = ${sql.lit(EVERY_SITE)} and exists (select 1 from erased))`,
    ) as never as ReturnType<typeof probe>
}

/** One seek per address finds all its lists. The cross join keeps SQLite from swapping the loops. */
function probe(database: Database, keys: string[]) {
  const wanted = rowSet(
    database,
    'wanted',
    { address_key: 'text' },
    keys.map((address_key) => ({ address_key })),
  )
  return database.query
    .selectFrom(wanted)
    .crossJoin('suppression as s')
    .crossJoin('list as l')
    .whereRef('s.address_key', '=', 'wanted.address_key')
    .whereRef('l.id', '=', 's.list_id')
    .where('s.active', '=', 1)
    .select([
      's.address_key',
      's.list_id',
      's.since',
      's.requested_at',
      's.expires_at',
      's.reason',
      'l.lifetime_ms',
    ])
}
