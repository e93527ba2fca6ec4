import { type Compilable, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { type RowOf, rowSet } from '../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS } from './add-events.ts'
import type { Source } from './change.ts'
import { RESUME_COLUMNS, resume } from './resume.ts'

/** A recipient on a list, and the request to stop by which they are on it. */
export interface SeenStop {
  addressKey: string
  address: string
  listId: number
  /** `requested_at` of the row that was seen. */
  seenRequestedAt: number
  /** When its cancellation was asked for. */
  askedAt: number
  source: Source
}

const COLUMNS = { ...RESUME_COLUMNS, ...EVENT_COLUMNS, seen_requested_at: 'integer' } as const

/**
 * The statements that make recipients deliverable again, but for whom a newer request to stop has come meanwhile: that
 * one was not seen, and stays. No two may concern one recipient on one list. `at` is the time of recording.
 */
export function resumeAsSeen(database: Database, stops: readonly SeenStop[], at: number): Compilable[] {
  const given = rowSet(database, 'given', COLUMNS, stops.map((stop) => toRow(stop, at)).sort(byKey))
  return [
    resume(database, given, sql`suppression.requested_at = given.seen_requested_at`),
    addEvents(database, given),
  ]
}

type Row = RowOf<typeof COLUMNS>

function toRow(stop: SeenStop, at: number): Row {
  return {
    address_key: stop.addressKey,
    list_id: stop.listId,
    kind: 'resume',
    address: stop.address,
    requested_at: stop.askedAt,
    seen_requested_at: stop.seenRequestedAt,
    mailed_at: null,
    message_id: null,
    reason: 'resume',
    source: stop.source,
    evidence_json: null,
    import_id: null,
    at,
  }
}

/** Processes that write the same keys take their locks in one order. */
function byKey(a: Row, b: Row): number {
  if (a.address_key !== b.address_key) return (a.address_key ?? '') < (b.address_key ?? '') ? -1 : 1
  return (a.list_id ?? 0) - (b.list_id ?? 0)
}
