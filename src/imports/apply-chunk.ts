import { randomUUID } from 'node:crypto'
import { type Compilable, sql } from 'kysely'
import { countWritten } from '../storage/count-written.ts'
import type { Commit, Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { ImportState } from '../storage/import-tables.ts'
import { addEvents, EVENT_COLUMNS } from '../suppression/add-events.ts'
import { RESUME_COLUMNS, resume } from '../suppression/resume.ts'
import { STOP_COLUMNS, stop } from '../suppression/stop.ts'
import { RECIPIENT_COLUMNS, stopAll } from '../suppression/stop-all.ts'
import { type ClaimedChunk, chunkRows, placesOf } from './chunk-rows.ts'
import { countPart, type ImportAtPart } from './import-part.ts'

/**
 * A chunk that a crash of the machine undoes is applied again, and counted again. The commit that ends the import is on disk, and
 * brings all before it along.
 */
export const CHUNK: Commit = { flush: 'later' }

/** Each time another process was quicker with one of the chunk's recipients. */
const MOST_ATTEMPTS = 5

/**
 * Carries out the next chunk of an import in one transaction: what has been applied, and how much, can never disagree. Who is
 * late, because the lease went to another worker or the import was cancelled, claims nothing and so changes nothing.
 */
export async function applyChunk(database: Database, row: ImportAtPart, at: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await database.transact(chunkStatements(database, row, at), CHUNK)
      return
    } catch (error) {
      if (!(error instanceof UniqueViolation) || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

function chunkStatements(database: Database, row: ImportAtPart, at: number): Compilable[] {
  const chunk = { importId: row.id, claim: randomUUID() }
  const { list_id, reason, created_at } = row
  const count: Parameters<typeof countWritten>[2] = (query, written) =>
    query
      .updateTable('import')
      .set({
        changed: sql<number>`changed + ${written}`,
        applied: sql<number>`applied + ${chunkSize}`,
        state: 'running',
        started_at: sql<number>`coalesce(started_at, ${at})`,
      })
      .where('id', '=', row.id)
      .where('claim', '=', chunk.claim)
  const change = (): Compilable[] => {
    if (row.action === 'add' && row.format === null) {
      const recipients = chunkRows(database, chunk, RECIPIENT_COLUMNS, {}, {})
      const asked = { listId: list_id, requestedAt: created_at, reason }
      return stopAll(database, recipients, { ...asked, importId: row.id, at }, count)
    }
    const constants = {
      list_id,
      kind: row.action === 'add' ? 'stop' : 'resume',
      requested_at: created_at,
      renewed_at: created_at,
      reason,
      source: 'import',
      import_id: row.id,
      at,
    }
    const places = placesOf(row)
    const statement =
      row.action === 'add'
        ? stop(database, chunkRows(database, chunk, STOP_COLUMNS, constants, places.stop))
        : resume(database, chunkRows(database, chunk, RESUME_COLUMNS, constants, {}))
    const events = chunkRows(database, chunk, EVENT_COLUMNS, constants, places.event)
    return [statement, ...countWritten(database, addEvents(database, events), count)]
  }
  return [
    claimChunk(database, row, chunk, ['queued', 'running']),
    ...change(),
    ...countPart(database, row, chunk, 'changed'),
  ]
}

/** Moves on to the next chunk, unless somebody else did or the import is in another state by now. */
export function claimChunk(
  database: Database,
  { id, next_chunk }: Pick<ImportAtPart, 'id' | 'next_chunk'>,
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
