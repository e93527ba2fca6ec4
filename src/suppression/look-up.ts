import { createBatcher } from '../kernel/batcher.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import { rowSet } from '../storage/row-set.ts'
import type { Standing } from './standing.ts'

/** Finds where recipients stand on every list, by address key. Keys that stand nowhere are absent. */
export type LookUp = (addressKeys: readonly string[]) => Promise<Map<string, Standing[]>>

const MOST_KEYS_PER_READ = 10_000
const MOST_CALLERS_PER_BATCH = 256

/** Look-ups that wait together are read together. Rejects when they cannot be made: the mail is then deferred, never sent. */
export function createLookUp(database: Database): LookUp {
  const batcher = createBatcher<readonly string[], Map<string, Standing[]>>({
    mostItems: MOST_CALLERS_PER_BATCH,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: async (callers) => {
      const found = await readStandings(database, [...new Set(callers.flat())])
      if (callers.length === 1) return [found]
      return callers.map((keys) => {
        const own = keys.map((key) => [key, found.get(key)] as const)
        return new Map(own.filter((entry): entry is readonly [string, Standing[]] => entry[1] !== undefined))
      })
    },
  })
  return (addressKeys) => batcher.add(addressKeys)
}

async function readStandings(database: Database, keys: string[]): Promise<Map<string, Standing[]>> {
  const found = new Map<string, Standing[]>()
  for (let start = 0; start < keys.length; start += MOST_KEYS_PER_READ) {
    const rows = await database.read(probe(database, keys.slice(start, start + MOST_KEYS_PER_READ)))
    for (const { address_key, ...row } of rows) {
      const standing: Standing = {
        listId: row.list_id,
        active: true,
        since: row.since,
        requestedAt: row.requested_at,
        expiresAt: row.expires_at,
        lifetimeMs: row.lifetime_ms,
        reason: row.reason,
      }
      const standings = found.get(address_key)
      if (standings) standings.push(standing)
      else found.set(address_key, [standing])
    }
  }
  return found
}

/** One seek per address finds all its lists. A cross join keeps SQLite from turning the loops around. */
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
