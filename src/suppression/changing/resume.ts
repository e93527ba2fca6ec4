import { type Compilable, type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { RowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { excludesSql } from '../deciding/standing.ts'
import { nextRevision } from './revision.ts'
import { sameList } from './same-list.ts'
import { stateBeforeSql } from './state-before.ts'

/** The columns of a row that makes a recipient deliverable again. */
export const RESUME_COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  kind: 'text',
  requested_at: 'integer',
  up_to: 'integer',
  at: 'integer',
} as const

/**
 * Makes recipients deliverable again; if `where` is given, only those for whom it holds. Whoever asked to stop later
 * than `up_to` stays excluded, where that is not null.
 */
export function resume(
  database: Database,
  given: RowSet<typeof RESUME_COLUMNS, 'given'>,
  where: RawBuilder<boolean> = sql`1 = 1`,
): Compilable {
  return database.query
    .updateTable('suppression')
    .from(given)
    .set((eb) => {
      const row = eb as unknown as ExpressionBuilder<Tables, 'suppression'>
      return {
        active: 0 as const,
        removed: sql<0 | 1>`case when given.kind = 'remove' then 1 else 0 end`,
        resumed_at: sql<number>`given.requested_at`,
        revision: nextRevision(row, sql.ref('given.at')),
        before: stateBeforeSql(database, row, excludesSql(row, sql.ref('given.at'))),
      }
    })
    .whereRef('suppression.address_key', '=', 'given.address_key' as never)
    .where(sameList('suppression'))
    .where(where)
    .where(sql<boolean>`(given.up_to is null or suppression.requested_at <= given.up_to)`)
    .where(sql<boolean>`(suppression.active = 1 or (given.kind = 'remove' and suppression.removed = 0))`)
}
