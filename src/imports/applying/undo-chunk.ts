import { countWritten } from '../../storage/count-written.ts'
import type { Database } from '../../storage/database.ts'
import type { ImportPartTable, ImportTable } from '../../storage/import-tables.ts'
import { UNDO_COLUMNS, undo, undoEvents } from '../../suppression/changing/undo.ts'
import { CHUNK } from './apply-chunk.ts'
import { chunkRows } from './chunk-rows.ts'
import { claimChunk, countChunk } from './claim-chunk.ts'

/** Undoes the next chunk of a part in one transaction, under the same claim as applying; false where there was none. */
export async function undoChunk(
  database: Database,
  row: ImportTable,
  part: ImportPartTable,
  at: number,
): Promise<boolean> {
  const { chunk, claiming } = claimChunk(database, part)
  const constants = { list_id: part.list_id, import_id: row.id, at }
  const given = chunkRows(database, chunk, UNDO_COLUMNS, constants, {})
  const undone = row.action === 'add' ? 'stop' : 'resume'
  const [claimed] = await database.transact(
    [
      claiming,
      undo(database, given, undone),
      ...countWritten(database, undoEvents(database, given, undone), (query, written) =>
        countChunk(query, chunk, { undone: written }),
      ),
    ],
    CHUNK,
  )
  return claimed.length > 0
}
