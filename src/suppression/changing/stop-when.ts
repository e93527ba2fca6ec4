import type { Compilable, RawBuilder } from 'kysely'
import type { ColumnKind } from '../../storage/cells.ts'
import type { Database } from '../../storage/database.ts'
import { type RowOf, type RowSet, rowSet } from '../../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS } from './add-events.ts'
import type { Stop } from './change.ts'
import { toChangeRow } from './change-row.ts'
import { STOP_COLUMNS, stop } from './stop.ts'

/**
 * The statements of one stop that is carried out only if `when` holds at that point of the transaction. `at` is the
 * time of recording.
 */
export function stopWhen(
  database: Database,
  change: Stop,
  { at, when }: { at: number; when: RawBuilder<boolean> },
): Compilable[] {
  const row = toChangeRow(change, { at })
  const onlyThen = <const C extends Record<string, ColumnKind>>(columns: C): RowSet<C, 'given'> => {
    const given = rowSet(database, 'one', columns, [row as unknown as RowOf<C>])
    const rows = database.query.selectFrom(given).selectAll().where(when)
    return rows.as('given') as unknown as RowSet<C, 'given'>
  }
  return [stop(database, onlyThen(STOP_COLUMNS)), addEvents(database, onlyThen(EVENT_COLUMNS))]
}
