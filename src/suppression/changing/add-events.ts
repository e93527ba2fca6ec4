import { type Expression, type InsertQueryBuilder, type InsertResult, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { RowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { sameList } from './same-list.ts'

/** The columns of a row whose event is to be written. */
export const EVENT_COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  kind: 'text',
  address: 'text',
  requested_at: 'integer',
  mailed_at: 'integer',
  message_id: 'text',
  reason: 'text',
  source: 'text',
  evidence_json: 'text',
  import_id: 'integer',
  at: 'integer',
} as const

/**
 * Writes events for the rows to which this transaction gave a new revision. A row that it did not touch may have got an
 * equally new one from another process; that process wrote its event, and the key keeps anything from being written
 * twice.
 */
export function addEvents(
  database: Database,
  given: RowSet<typeof EVENT_COLUMNS, 'given'>,
): InsertQueryBuilder<Tables, 'event', InsertResult> {
  return insertEventsOnce(
    database,
    database.query
      .selectFrom(given)
      .crossJoin('suppression as s')
      .whereRef('s.address_key', '=', 'given.address_key')
      .where(sameList('s'))
      .whereRef('s.revision', '>=', 'given.at')
      .select([
        'given.address_key',
        'given.list_id',
        's.revision',
        'given.kind',
        'given.address',
        'given.requested_at',
        'given.reason',
        'given.source',
        'given.message_id',
        sql<0 | 1>`case when s.resumed_at > given.mailed_at then 1 else 0 end`.as('older_mail'),
        'given.evidence_json',
        's.before',
        'given.import_id',
      ])
      .orderBy('given.address_key')
      .orderBy('given.list_id'),
  )
}

/** Like `insertEvents`, but existing events stay: the key keeps anything from being written twice. */
export function insertEventsOnce(
  database: Pick<Database, 'query'>,
  rows: Expression<unknown>,
): InsertQueryBuilder<Tables, 'event', InsertResult> {
  return insertEvents(database, rows).onConflict((oc) =>
    oc.columns(['address_key', 'list_id', 'recorded_at']).doNothing(),
  )
}

/** Writes events of rows that have none for their revision yet. `rows` is a select of these columns, in this order. */
export function insertEvents(
  { query }: Pick<Database, 'query'>,
  rows: Expression<unknown>,
): InsertQueryBuilder<Tables, 'event', InsertResult> {
  return query
    .insertInto('event')
    .columns([
      'address_key',
      'list_id',
      'recorded_at',
      'kind',
      'address',
      'requested_at',
      'reason',
      'source',
      'message_id',
      'older_mail',
      'evidence_json',
      'before',
      'import_id',
    ])
    .expression(rows)
}
