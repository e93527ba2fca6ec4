import {
  type Compilable,
  type ExpressionBuilder,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  sql,
} from 'kysely'
import { countWritten } from '../storage/count-written.ts'
import type { Database } from '../storage/database.ts'
import type { RowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'
import { addEvents, type EVENT_COLUMNS, insertEvents } from './add-events.ts'
import { nextRevision, type SuppressionRef } from './revision.ts'
import { excludesSql } from './standing.ts'
import { stateBeforeSql } from './state-before.ts'

/** Of a row that puts a recipient on a list. */
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
 * What a request to stop does to a row that is there: whether an exclusion begins by it, and whether it alters the row. One
 * that is no later than the request whose time has run out begins nothing: files bring old requests, and bring them again.
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

/** Puts recipients on lists, or renews them there; no two rows may concern one recipient on one list. */
export function stop(
  database: Database,
  given: RowSet<typeof STOP_COLUMNS, 'given'>,
): InsertQueryBuilder<Tables, 'suppression', InsertResult> {
  const asked = <N extends keyof Tables['suppression']>(name: N) => sql.ref(`excluded.${name}`)
  return database.query
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
    .onConflict((oc) =>
      oc.columns(['address_key', 'list_id']).doUpdateSet((eb) => {
        const row = eb as unknown as ExpressionBuilder<Tables, 'suppression'>
        const excluded = excludesSql(row, sql`${asked('revision')}`)
        const { begins, changes } = stopChanges(row, asked('revision'), asked)
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

/**
 * `stop` and the events of those whom it changed, for rows without a message or evidence of their own; then a statement that
 * knows how many they were. What such an event tells stands in the row that was changed, so PostgreSQL does it all at once
 * and looks nothing up again. `at` is that of the rows.
 */
export function stopAll(
  database: Database,
  [given, ofEvents]: [RowSet<typeof STOP_COLUMNS, 'given'>, RowSet<typeof EVENT_COLUMNS, 'given'>],
  { importId, at }: { importId: number; at: number },
  then: Parameters<typeof countWritten>[2],
): Compilable[] {
  if (database.engine === 'sqlite') {
    return [stop(database, given), ...countWritten(database, addEvents(database, ofEvents), then)]
  }
  const changed = stop(database, given).returning([
    'address_key',
    'list_id',
    'revision',
    'address',
    'since',
    'reason',
    'source',
    'before',
  ])
  const events = sql`(select address_key, list_id, revision, 'stop', address, since, reason, source, null, 0, null, before,
    cast(${importId} as bigint) from changed where revision >= ${at})`
  return countWritten(database, insertEvents(database, events), then, { changed })
}
