import { type Compilable, type InsertQueryBuilder, type InsertResult, type RawBuilder, sql } from 'kysely'
import { countWritten } from '../storage/count-written.ts'
import type { Database } from '../storage/database.ts'
import type { RowSet } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'
import { addEvents, type EVENT_COLUMNS, insertEvents, insertEventsOnce } from './add-events.ts'
import { sameList } from './same-list.ts'
import { insertStops, type STOP_COLUMNS, stop } from './stop.ts'

type StopRows = RowSet<typeof STOP_COLUMNS, 'given'>
type Changes = InsertQueryBuilder<Tables, 'suppression', InsertResult>

/** What an event tells of a row that was changed. */
const TOLD = ['address_key', 'list_id', 'revision', 'address', 'since', 'reason', 'source', 'before'] as const

/**
 * `stop` and the events of those whom it changed, for rows without a message or evidence of their own; then a statement that
 * knows how many they were. `at` is that of the rows. On PostgreSQL it rejects with UniqueViolation when another process puts
 * one of them on the list at the same moment: nothing has happened then, and once more it is known to be there.
 */
export function stopAll(
  database: Database,
  [given, ofEvents]: [StopRows, RowSet<typeof EVENT_COLUMNS, 'given'>],
  { importId, at }: { importId: number; at: number },
  then: Parameters<typeof countWritten>[2],
): Compilable[] {
  if (database.engine === 'sqlite') {
    return [stop(database, given), ...countWritten(database, addEvents(database, ofEvents), then)]
  }
  // An insert that has to expect a conflict costs half as much again, so those without a row are told from the others first.
  const probed = database.query
    .selectFrom(given)
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('suppression as s')
          .select(eb.lit(1).as('there'))
          .whereRef('s.address_key', '=', 'given.address_key')
          .where(sameList('s'))
          .limit(1)
          .as('row'),
      (join) => join.onTrue(),
    )
    .selectAll()
  const those = (condition: RawBuilder<boolean>) =>
    sql`(select * from probed where ${condition})`.as('given') as unknown as StopRows
  const told = (changes: Changes) => changes.returning(TOLD)
  const eventsOf = (changes: string) =>
    sql`(select address_key, list_id, revision, 'stop', address, since, reason, source, null, 0, null, before,
      cast(${importId} as bigint) from ${sql.ref(changes)} where revision >= ${at})`
  const one = sql.lit(1).as('one')
  const query = database.query
    .with('probed', () => probed)
    .with('begun', () => told(insertStops(database, those(sql`there is null`))))
    .with('renewed', () => told(stop(database, those(sql`there is not null`))))
    .with('begun_events', () => insertEvents(database, eventsOf('begun')).returning(one))
    .with('renewed_events', () => insertEventsOnce(database, eventsOf('renewed')).returning(one))
  const written = sql<number>`((select count(*) from begun_events) + (select count(*) from renewed_events))`
  return [then(query as unknown as Parameters<typeof then>[0], written)]
}
