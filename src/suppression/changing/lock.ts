import type { Compilable } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { SuppressionChange } from './change.ts'
import { sameList } from './same-list.ts'

/**
 * Locks the rows that a transaction will change, in the order of their keys. Without it, two processes that each stop
 * one recipient and resume another could deadlock on PostgreSQL, which would then undo one of them.
 */
export function lockStatements(database: Database, changes: readonly SuppressionChange[]): Compilable[] {
  const mixed = new Set(changes.map(({ kind }) => kind === 'stop')).size > 1
  if (database.engine === 'sqlite' || !mixed) return []
  const rows = changes.map(({ recipient, listId }) => ({ address_key: recipient.key, list_id: listId }))
  const given = rowSet(database, 'given', { address_key: 'text', list_id: 'integer' }, rows)
  return [
    database.query
      .selectFrom(given)
      .crossJoin('suppression as s')
      .whereRef('s.address_key', '=', 'given.address_key')
      .where(sameList('s'))
      .select('s.list_id')
      .orderBy('s.address_key')
      .orderBy('s.list_id')
      .forUpdate('s'),
  ]
}
