import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { countWritten } from '../storage/count-written.ts'
import type { Database } from '../storage/database.ts'
import { UNDO_COLUMNS, undo, undoEvents } from '../suppression/undo.ts'
import { CHUNK, claimChunk } from './apply-chunk.ts'
import { chunkRows } from './chunk-rows.ts'
import { countPart, type ImportAtPart } from './import-part.ts'

/** Undoes the next chunk of an import in one transaction, under the same claim as applying. */
export async function undoChunk(database: Database, row: ImportAtPart, at: number): Promise<void> {
  const chunk = { importId: row.id, claim: randomUUID() }
  const constants = { list_id: row.list_id, import_id: row.id, at }
  const given = chunkRows(database, chunk, UNDO_COLUMNS, constants, {})
  const undone = row.action === 'add' ? 'stop' : 'resume'
  await database.transact(
    [
      claimChunk(database, row, chunk, ['undoing']),
      undo(database, given, undone),
      ...countWritten(database, undoEvents(database, given, undone), (query, written) =>
        query
          .updateTable('import')
          .set({ undone: sql<number>`undone + ${written}` })
          .where('id', '=', row.id)
          .where('claim', '=', chunk.claim),
      ),
      ...countPart(database, row, chunk, 'undone'),
    ],
    CHUNK,
  )
}
