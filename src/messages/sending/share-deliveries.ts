import type { Compilable } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'

/**
 * Holds the state of deliveries as it is until the end of the transaction, which goes by it: whoever changes it waits, and
 * finds what was written by the old one. SQLite writes one transaction after another anyway.
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
