import type { Compilable } from 'kysely'
import { countWritten } from '../../storage/count-written.ts'
import type { Commit, Database } from '../../storage/database.ts'
import { UniqueViolation } from '../../storage/database-errors.ts'
import type { ImportPartTable, ImportTable } from '../../storage/import-tables.ts'
import { addEvents, EVENT_COLUMNS } from '../../suppression/changing/add-events.ts'
import { RESUME_COLUMNS, resume } from '../../suppression/changing/resume.ts'
import { STOP_COLUMNS, stop } from '../../suppression/changing/stop.ts'
import { RECIPIENT_COLUMNS, stopAll } from '../../suppression/changing/stop-all.ts'
import { chunkRows, meetsListed, placesOf } from './chunk-rows.ts'
import { chunkSize, claimChunk, countChunk } from './claim-chunk.ts'

/**
 * A chunk that a crash of the machine undoes is applied and counted again. The commit that ends the import is flushed
 * to disk, and all chunks before it with it.
 */
export const CHUNK: Commit = { flush: 'later' }

/** Each failed attempt means that another process was quicker with one of the chunk's recipients. */
const MOST_ATTEMPTS = 5

/**
 * Applies the next chunk of a part in one transaction, so that the progress always agrees with what has been applied.
 * False when there was nothing to claim, because the lease went to another worker or the import was cancelled; then
 * nothing is changed.
 */
export async function applyChunk(
  database: Database,
  row: ImportTable,
  part: ImportPartTable,
  at: number,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      const isNobodyListed = attempt === 1 && addsAddressesAlone(row) && !(await meetsListed(database, part))
      const statements = chunkStatements(database, row, part, { at, isNobodyListed })
      const [claimed = []] = await database.transact(statements, CHUNK)
      return claimed.length > 0
    } catch (error) {
      if (!(error instanceof UniqueViolation) || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

/** Whether the rows are nothing but addresses, so that all of them are put on the list by one request. */
function addsAddressesAlone({ action, format }: ImportTable): boolean {
  return action === 'add' && format === null
}

function chunkStatements(
  database: Database,
  row: ImportTable,
  part: ImportPartTable,
  { at, isNobodyListed }: { at: number; isNobodyListed: boolean },
): Compilable[] {
  const { chunk, claiming } = claimChunk(database, part)
  const { list_id } = part
  const { reason, created_at } = row
  const count: Parameters<typeof countWritten>[2] = (query, written) =>
    countChunk(query, chunk, { changed: written, applied: chunkSize })
  const change = (): Compilable[] => {
    if (addsAddressesAlone(row)) {
      const recipients = chunkRows(database, chunk, RECIPIENT_COLUMNS, {}, {})
      const asked = { listId: list_id, requestedAt: created_at, reason, isNobodyListed }
      return stopAll(database, recipients, { ...asked, importId: row.id, at }, count)
    }
    const constants = {
      list_id,
      kind: row.action === 'add' ? 'stop' : 'resume',
      requested_at: created_at,
      renewed_at: created_at,
      // It may have waited for long, and whoever stopped meanwhile meant it.
      up_to: created_at,
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
  return [claiming, ...change()]
}
