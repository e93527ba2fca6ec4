import { type Compilable, type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { jsonElement } from '../storage/json-array.ts'
import type { RowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'
import { insertEventsOnce } from './add-events.ts'
import { nextRevision } from './revision.ts'
import { sameList } from './same-list.ts'
import { excludesSql } from './standing.ts'
import { stateBeforeSql } from './state-before.ts'

export const UNDO_COLUMNS = {
  address_key: 'text',
  list_id: 'integer',
  import_id: 'integer',
  at: 'integer',
} as const

type Given = RowSet<typeof UNDO_COLUMNS, 'given'>

const sameRow = (table: 's' | 'suppression') =>
  sql<boolean>`${sql.ref(`${table}.address_key`)} = given.address_key and ${sameList(table)}`

/**
 * Puts those back whom an import changed and nothing has changed since: the row is what it was, at the cost of a new
 * revision. Who was not on the list leaves it, and the row stays out of sight. A repeated request to stop renews a row
 * without an event; it counts as a change: whoever asked again must not be mailed again. A request of a file may be older than
 * the one that it found, whose time then stayed.
 */
export function undo(database: Database, given: Given, undone: 'stop' | 'resume'): Compilable {
  return database.query
    .updateTable('suppression')
    .from(given)
    .from('event as e')
    .set((eb) => {
      const row = eb as unknown as ExpressionBuilder<Tables, 'suppression'>
      const kept = <N extends keyof Tables['suppression']>(name: N) => row.ref(`suppression.${name}`)
      const was = (index: number, otherwise: unknown) =>
        sql<never>`coalesce(${element<number>(database, index, 'bigint')}, ${otherwise})`
      const wasText = (index: number, otherwise: unknown) =>
        sql<never>`coalesce(${element<string>(database, index, 'text')}, ${otherwise})`
      return {
        active: was(1, 0),
        since: was(2, kept('since')),
        requested_at: was(3, kept('requested_at')),
        resumed_at: element<number>(database, 4, 'bigint'),
        removed: was(5, 1),
        expires_at: element<number>(database, 6, 'bigint'),
        reason: wasText(7, kept('reason')),
        source: wasText(8, kept('source')),
        message_id: element<string>(database, 9, 'text'),
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
            (e.requested_at, coalesce(${element<number>(database, 3, 'bigint')}, e.requested_at))`
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
        // Who is excluded again is so since their own request, on whose day exports show it.
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

/** Of the state before the import, as `state-before.ts` writes it. */
function element<T extends string | number>(
  database: Database,
  index: number,
  kind: T extends string ? 'text' : 'bigint',
): RawBuilder<T> {
  return jsonElement<T>(database, sql.ref('e.before'), index, kind)
}
