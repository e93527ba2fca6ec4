import type { Compilable } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { prepareRows } from '../../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS } from './add-events.ts'
import type { SuppressionChange } from './change.ts'
import { byKey, toChangeRow } from './change-row.ts'
import { RESUME_COLUMNS, resume } from './resume.ts'
import { STOP_COLUMNS, stop } from './stop.ts'

/** A change, and the time of the latest of the identical requests merged into it. */
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

/**
 * The statements that carry out changes of which no two concern the same recipient on the same list: first the state,
 * then the events. A change that alters the state gives the row a new `revision`, which is the key of its event; the
 * row itself keeps the state it replaced. So an event holds the exact state before it even when two processes change
 * one row at once, and a row that did not change gets no event. `at` is the time of recording. The last statement
 * returns the events: one for each change that altered something.
 */
export type RecordStatements = (
  requests: readonly Request[],
  at: number,
) => [...Compilable[], Compilable<Written>]

/** Builds the statements once; they are run for every batch. */
export function recordStatements(database: Database): RecordStatements {
  const stops = prepareRows(database, 'given', STOP_COLUMNS, (given) => stop(database, given))
  const resumes = prepareRows(database, 'given', RESUME_COLUMNS, (given) => resume(database, given))
  const events = prepareRows(database, 'given', EVENT_COLUMNS, (given) =>
    addEvents(database, given).returning(['address_key', 'list_id', 'before']),
  )
  return (requests, at) => {
    const rows = requests.map(({ change, renewedAt }) => toChangeRow(change, { at, renewedAt })).sort(byKey)
    const stopping = rows.filter(({ kind }) => kind === 'stop')
    const resuming = rows.filter(({ kind }) => kind !== 'stop')
    const states = [stopping.length > 0 && stops(stopping), resuming.length > 0 && resumes(resuming)]
    return [...states.filter((statement) => statement !== false), events(rows)]
  }
}
