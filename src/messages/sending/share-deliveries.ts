import type { Compilable } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'

/**
 * Keeps the state of deliveries unchanged until the end of a transaction that goes by it: whoever changes the state
 * waits, and then finds what was written under the old one. SQLite runs one transaction after another anyway.
 */
export function shareDeliveries(database: Database, ids: readonly number[]): Compilable[] {
  if (database.engine === 'sqlite' || ids.length === 0) return []
  const rows = [...new Set(ids)].toSorted((a, b) => a - b).map((id) => ({ id }))
  const wanted = rowSet(database, 'wanted', { id: 'integer' }, rows)
  return [
    database.query
      .selectFrom(wanted)
      .innerJoin('delivery as d', 'd.id', 'wanted.id')
      .select('d.id')
      .orderBy('d.id')
      .forShare('d'),
  ]
}
