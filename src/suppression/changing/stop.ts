import {
  type ExpressionBuilder,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  sql,
} from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { RowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { excludesSql } from '../deciding/standing.ts'
import { nextRevision, type SuppressionRef } from './revision.ts'
import { stateBeforeSql } from './state-before.ts'

/** The columns of a row that puts a recipient on a list. */
export const STOP_COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  address: 'text',
  requested_at: 'integer',
  renewed_at: 'integer',
  message_id: 'text',
  reason: 'text',
  source: 'text',
  at: 'integer',
} as const

/**
 * What a request to stop does to an existing row: whether it begins an exclusion, and whether it alters the row. One
 * that is no later than a request whose lifetime has run out begins nothing: files bring old requests, repeatedly.
 */
export function stopChanges(
  row: SuppressionRef,
  now: RawBuilder<unknown>,
  asked: (name: 'requested_at' | 'message_id') => RawBuilder<unknown>,
): { begins: RawBuilder<boolean>; changes: RawBuilder<boolean> } {
  const excluded = excludesSql(row, sql`${now}`)
  const begins = sql<boolean>`(not ${excluded} and (${row.ref('suppression.active')} = 0
    or ${asked('requested_at')} > ${row.ref('suppression.requested_at')}))`
  const newMessage = sql<boolean>`(${asked('message_id')} is not null
    and ${asked('message_id')} is distinct from ${row.ref('suppression.message_id')})`
  return { begins, changes: sql<boolean>`(${begins} or ${newMessage})` }
}

/** Puts recipients on lists where they have no row yet. */
export function insertStops(
  { query }: Pick<Database, 'query'>,
  given: RowSet<typeof STOP_COLUMNS, 'given'>,
): InsertQueryBuilder<Tables, 'suppression', InsertResult> {
  return query
    .insertInto('suppression')
    .columns([
      'address_key',
      'list_id',
      'address',
      'active',
      'since',
      'requested_at',
      'removed',
      'reason',
      'source',
      'message_id',
      'revision',
    ])
    .expression(
      (eb) =>
        eb
          .selectFrom(given)
          .select(({ lit }) => [
            'address_key',
            'list_id',
            'address',
            lit(1).as('active'),
            'requested_at as since',
            'renewed_at as requested_at',
            lit(0).as('removed'),
            'reason',
            'source',
            'message_id',
            'at',
          ])
          // SQLite would read `on conflict` as a join's `on` without a where (its documentation, "parsing ambiguity").
          .where(sql<boolean>`1 = 1`)
          .orderBy('address_key')
          .orderBy('list_id') as never,
    )
}

/** Puts recipients on lists, or renews them there; no two rows may concern the same recipient on the same list. */
export function stop(
  database: Database,
  given: RowSet<typeof STOP_COLUMNS, 'given'>,
): InsertQueryBuilder<Tables, 'suppression', InsertResult> {
  const asked = <N extends keyof Tables['suppression']>(name: N) => sql.ref(`excluded.${name}`)
  return insertStops(database, given).onConflict((oc) =>
    oc.columns(['address_key', 'list_id']).doUpdateSet((eb) => {
      const row = eb as unknown as ExpressionBuilder<Tables, 'suppression'>
      const excluded = excludesSql(row, sql`${asked('revision')}`)
      const { begins, changes: alters } = stopChanges(row, asked('revision'), asked)
      // A request that is carried out late, after a file that came later than it: without an event of its own it would
      // be lost when that file is undone.
      const outlasts = sql<boolean>`(${excluded} and ${row.ref('suppression.source')} = 'import'
        and ${asked('source')} <> 'import' and ${asked('requested_at')} <= ${row.ref('suppression.requested_at')})`
      const changes = sql<boolean>`(${alters} or ${outlasts})`
      const either = (condition: unknown, name: keyof Tables['suppression']) =>
        sql<never>`case when ${condition} then ${asked(name)} else ${row.ref(`suppression.${name}`)} end`
      const later = sql`(${begins} or ${asked('requested_at')} > ${row.ref('suppression.requested_at')})`
      return {
        active: 1 as const,
        removed: 0 as const,
        address: either(changes, 'address'),
        since: either(begins, 'since'),
        requested_at: either(later, 'requested_at'),
        expires_at: sql<null>`case when not ${begins} then ${row.ref('suppression.expires_at')} end`,
        reason: either(changes, 'reason'),
        source: either(changes, 'source'),
        message_id: either(changes, 'message_id'),
        revision: sql<number>`case when ${changes} then ${nextRevision(row, asked('revision'))}
              else ${row.ref('suppression.revision')} end`,
        before: sql<string>`case when ${changes} then ${stateBeforeSql(database, row, excluded)}
              else ${row.ref('suppression.before')} end`,
      }
    }),
  )
}
