import { type Compilable, type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { RowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { excludesSql } from '../deciding/standing.ts'
import { insertEventsOnce } from './add-events.ts'
import { nextRevision } from './revision.ts'
import { sameList } from './same-list.ts'
import { partBeforeSql, type StateBefore, stateBeforeSql } from './state-before.ts'

export const UNDO_COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  import_id: 'integer',
  at: 'integer',
} as const

type TextPart = 'reason' | 'source' | 'messageId'
type NumberPart = Exclude<keyof StateBefore, TextPart>

type Given = RowSet<typeof UNDO_COLUMNS, 'given'>

const sameRow = (table: 's' | 'suppression') =>
  sql<boolean>`${sql.ref(`${table}.address_key`)} = given.address_key and ${sameList(table)}`

/**
 * Restores the rows that an import changed and nothing has changed since: each is what it was, apart from a new
 * revision. Whoever was not on the list before leaves it, and their row stays, hidden. A repeated request to stop
 * renews a row without an event, but counts as a change: whoever asked again must not be mailed. A request in a file
 * may be older than the one it met, whose time was then kept.
 */
export function undo(database: Database, given: Given, undone: 'stop' | 'resume'): Compilable {
  return database.query
    .updateTable('suppression')
    .from(given)
    .from('event as e')
    .set((eb) => {
      const row = eb as unknown as ExpressionBuilder<Tables, 'suppression'>
      const kept = <N extends keyof Tables['suppression']>(name: N) => row.ref(`suppression.${name}`)
      const was = (part: NumberPart) => partBeforeSql<number>(database, part, 'bigint')
      const wasText = (part: TextPart) => partBeforeSql<string>(database, part, 'text')
      const either = (before: RawBuilder<unknown>, otherwise: unknown) =>
        sql<never>`coalesce(${before}, ${otherwise})`
      return {
        active: either(was('active'), 0),
        since: either(was('since'), kept('since')),
        requested_at: either(was('requestedAt'), kept('requested_at')),
        resumed_at: was('resumedAt'),
        removed: either(was('removed'), 1),
        expires_at: was('expiresAt'),
        reason: either(wasText('reason'), kept('reason')),
        source: either(wasText('source'), kept('source')),
        message_id: wasText('messageId'),
        revision: nextRevision(row, sql.ref('given.at')),
        before: stateBeforeSql(database, row, excludesSql(row, sql.ref('given.at'))),
      }
    })
    .where(sameRow('suppression'))
    .where(sql<boolean>`e.address_key = suppression.address_key and e.list_id = suppression.list_id
      and e.recorded_at = suppression.revision and e.import_id = given.import_id`)
    .where(
      undone === 'stop'
        ? sql<boolean>`e.kind = 'stop' and suppression.requested_at in
            (e.requested_at, coalesce(${partBeforeSql<number>(database, 'requestedAt', 'bigint')}, e.requested_at))`
        : sql<boolean>`e.kind = 'resume'`,
    )
}

/** The events of the rows that `undo` has put back in the same transaction. */
export function undoEvents(database: Database, given: Given, undone: 'stop' | 'resume') {
  const stops = undone === 'resume'
  return insertEventsOnce(
    database,
    database.query
      .selectFrom(given)
      .crossJoin('suppression as s')
      .where(sameRow('s'))
      .whereRef('s.revision', '>=', 'given.at')
      .select([
        'given.address_key',
        'given.list_id',
        's.revision',
        sql`cast(${stops ? 'stop' : 'resume'} as text)`.as('kind'),
        's.address',
        // Whoever is excluded again is so by their own request, on whose day exports show it.
        sql.ref(stops ? 's.requested_at' : 'given.at').as('requested_at'),
        (stops ? sql.ref('s.reason') : sql`cast('undone' as text)`).as('reason'),
        sql`cast('import' as text)`.as('source'),
        (stops ? sql.ref('s.message_id') : sql`cast(null as text)`).as('message_id'),
        sql.lit(0).as('older_mail'),
        sql`cast(null as text)`.as('evidence_json'),
        's.before',
        'given.import_id',
      ]),
  )
}
