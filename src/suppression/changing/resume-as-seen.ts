import { type Compilable, sql } from 'kysely'
import type { Address } from '../../kernel/address.ts'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import { addEvents } from './add-events.ts'
import type { Source } from './change.ts'
import { byKey, CHANGE_COLUMNS, toChangeRow } from './change-row.ts'
import { resume } from './resume.ts'

/** A recipient on a list, and the request to stop that put them there. */
export interface SeenStop {
  listId: number
  recipient: Pick<Address, 'address' | 'key'>
  /** `requested_at` of the row that was seen. */
  seenRequestedAt: number
  /** When its cancellation was asked for. */
  askedAt: number
  source: Source
}

const COLUMNS = { ...CHANGE_COLUMNS, seen_requested_at: 'integer' } as const

/**
 * The statements that make recipients deliverable again, except those for whom a newer request to stop has come
 * meanwhile: that one was not seen and stays. No two may concern the same recipient on the same list. `at` is the time
 * of recording.
 */
export function resumeAsSeen(database: Database, stops: readonly SeenStop[], at: number): Compilable[] {
  const rows = stops.map(({ listId, recipient, seenRequestedAt, askedAt: requestedAt, source }) => ({
    ...toChangeRow({ kind: 'resume', listId, recipient, requestedAt, source, evidence: null }, { at }),
    seen_requested_at: seenRequestedAt,
  }))
  const given = rowSet(database, 'given', COLUMNS, rows.sort(byKey))
  return [
    resume(database, given, sql`suppression.requested_at = given.seen_requested_at`),
    addEvents(database, given),
  ]
}
