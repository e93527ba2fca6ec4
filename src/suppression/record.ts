import {
  type Compilable,
  type Expression,
  type ExpressionBuilder,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  sql,
} from 'kysely'
import { countWritten } from '../storage/count-written.ts'
import type { Database } from '../storage/database.ts'
import { prepareRows, type RowOf, type RowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'
import type { SuppressionChange } from './change.ts'
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

/** Of a row that makes a recipient deliverable again. */
export const RESUME_COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  kind: 'text',
  requested_at: 'integer',
  at: 'integer',
} as const

/** Of a row whose event is to be written. */
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

/** A change and the latest of the identical requests that came with it. */
export interface Request {
  change: SuppressionChange
  renewedAt: number
}

/** An event that was written, with the state that its change replaced. */
export interface Written {
  address_key: string
  list_id: number
  before: string | null
}

type Row = RowOf<typeof STOP_COLUMNS & typeof RESUME_COLUMNS & typeof EVENT_COLUMNS>

/**
 * The statements that carry out changes of which no two concern the same recipient on the same list: first the state,
 * then the events. A change that alters the state gives the row a new `revision`, which is the key of its event; the
 * row itself keeps the state it replaced. So an event holds the exact state before it even when two processes
 * change one row at once, and a row that did not change gets none.
 * `at` is the time of recording. The last statement answers the events, of which there is one for each change that
 * altered something.
 */
export type RecordStatements = (
  requests: readonly Request[],
  at: number,
) => [...Compilable[], Compilable<Written>]

/** Writes the statements once; they are run for every batch. */
export function recordStatements(database: Database): RecordStatements {
  const stops = prepareRows(database, 'given', STOP_COLUMNS, (given) => stop(database, given))
  const resumes = prepareRows(database, 'given', RESUME_COLUMNS, (given) => resume(database, given))
  const events = prepareRows(database, 'given', EVENT_COLUMNS, (given) =>
    addEvents(database, given).returning(['address_key', 'list_id', 'before']),
  )
  return (requests, at) => {
    const rows = requests.map((request) => toRow(request, at)).sort(byKey)
    const stopping = rows.filter(({ kind }) => kind === 'stop')
    const resuming = rows.filter(({ kind }) => kind !== 'stop')
    const states = [stopping.length > 0 && stops(stopping), resuming.length > 0 && resumes(resuming)]
    return [...states.filter((statement) => statement !== false), events(rows)]
  }
}

function toRow({ change, renewedAt }: Request, at: number): Row {
  const stop = change.kind === 'stop' ? change : undefined
  return {
    address_key: change.recipient.key,
    list_id: change.listId,
    kind: change.kind,
    address: change.recipient.address,
    requested_at: change.requestedAt,
    renewed_at: renewedAt,
    mailed_at: stop?.mailedAt ?? null,
    message_id: stop?.messageId ?? null,
    reason: stop?.reason ?? change.kind,
    source: change.source,
    evidence_json: change.evidence && JSON.stringify(change.evidence),
    import_id: null,
    at,
  }
}

/** Processes that write the same keys take their locks in one order. */
function byKey(a: Row, b: Row): number {
  if (a.address_key !== b.address_key) return (a.address_key ?? '') < (b.address_key ?? '') ? -1 : 1
  return (a.list_id ?? 0) - (b.list_id ?? 0)
}

/**
 * Compares the list without offering an index that begins with it: before a table's first statistics PostgreSQL would
 * take that one, and read a whole list for every row.
 */
const sameList = (table: 'suppression' | 's') =>
  sql<boolean>`${sql.ref(`${table}.list_id`)} + 0 = given.list_id`

type SuppressionRef = Pick<ExpressionBuilder<Tables, 'suppression'>, 'ref'>

/** The next revision: the time of recording, or one more than the last when the clock has not moved past it. */
export const nextRevision = ({ ref }: SuppressionRef, at: unknown) =>
  sql<number>`case when ${ref('suppression.revision')} >= ${at} then ${ref('suppression.revision')} + 1 else ${at} end`

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

/** Makes recipients deliverable again; of whom `where` holds, if it is given. */
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
    .where(sql<boolean>`(suppression.active = 1 or (given.kind = 'remove' and suppression.removed = 0))`)
}

/**
 * Events of the rows that this transaction gave a new revision. A row that it did not touch may have one as new by
 * another process; that process wrote its event, and the key lets nothing be written twice.
 */
export function addEvents(
  database: Database,
  given: RowSet<typeof EVENT_COLUMNS, 'given'>,
): InsertQueryBuilder<Tables, 'event', InsertResult> {
  return insertEvents(
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

/** `rows` is a select of these columns, in this order. An event that is there stays: the key lets nothing be written twice. */
export function insertEvents(
  { query }: Database,
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
    .onConflict((oc) => oc.columns(['address_key', 'list_id', 'recorded_at']).doNothing())
}
