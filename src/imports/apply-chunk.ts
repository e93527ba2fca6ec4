import { randomUUID } from 'node:crypto'
import { type Compilable, sql } from 'kysely'
import { countWritten } from '../storage/count-written.ts'
import type { Database } from '../storage/database.ts'
import type { ImportState, ImportTable } from '../storage/tables.ts'
import {
  addEvents,
  EVENT_COLUMNS,
  RESUME_COLUMNS,
  resume,
  STOP_COLUMNS,
  stop,
} from '../suppression/record.ts'
import { type ClaimedChunk, chunkRows } from './chunk-rows.ts'

/**
 * Carries out the next chunk of an import in one transaction: what has been applied, and how much, can never disagree. Who is
 * late, because the lease went to another worker or the import was cancelled, claims nothing and so changes nothing.
 */
export async function applyChunk(database: Database, row: ImportTable, at: number): Promise<void> {
  const chunk = { importId: row.id, claim: randomUUID() }
  const constants = {
    list_id: row.list_id,
    kind: row.action === 'add' ? 'stop' : 'resume',
    requested_at: row.created_at,
    renewed_at: row.created_at,
    reason: row.reason,
    source: 'import',
    import_id: row.id,
    at,
  }
  const events = chunkRows(database, chunk, EVENT_COLUMNS, constants)
  await database.transact([
    claimChunk(database, row, chunk, ['queued', 'running']),
    row.action === 'add'
      ? stop(database, chunkRows(database, chunk, STOP_COLUMNS, constants))
      : resume(database, chunkRows(database, chunk, RESUME_COLUMNS, constants)),
    ...countWritten(database, addEvents(database, events), (query, written) =>
      query
        .updateTable('import')
        .set({
          changed: sql<number>`changed + ${written}`,
          applied: sql<number>`applied + ${chunkSize}`,
          state: 'running',
          started_at: sql<number>`coalesce(started_at, ${at})`,
        })
        .where('id', '=', row.id)
        .where('claim', '=', chunk.claim),
    ),
  ])
}

/** Moves on to the next chunk, unless somebody else did or the import is in another state by now. */
export function claimChunk(
  database: Database,
  { id, next_chunk }: ImportTable,
  { claim }: ClaimedChunk,
  states: readonly ImportState[],
): Compilable {
  return database.query
    .updateTable('import')
    .set({ claim, next_chunk: next_chunk + 1 })
    .where('id', '=', id)
    .where('next_chunk', '=', next_chunk)
    .where('state', 'in', states)
}

/** How many recipients the chunk has that was claimed last. */
export const chunkSize = sql<number>`(select recipients from import_chunk as c
  where c.import_id = import.id and c.number = import.next_chunk - 1)`
