import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'

/** How long after its end an import can be undone and its rejects be read. */
export const KEPT_MS = 90 * DAY_MS

const CHUNKS_PER_COMMIT = 20
const REJECTS_PER_COMMIT = 5_000

/** Removes an import that never began, with everything that belongs to it. */
export async function discardImport(database: Database, id: number): Promise<void> {
  await removeRows(database, id)
  const { query } = database
  await database.transact([
    query.deleteFrom('import_part').where('import_id', '=', id),
    query.deleteFrom('import').where('id', '=', id),
  ])
}

/**
 * Removes the rows and rejects of imports that ended 90 days ago; their history stays. Answers how many imports that
 * were.
 */
export async function purgeImports(
  database: Database,
  now: number,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const { query } = database
  const found = await database.read(
    query
      .selectFrom('import')
      .select('id')
      .where('finished_at', '<', now - KEPT_MS)
      .where('state', 'not in', ['undoing'])
      // When a purge broke off, an import that is marked as no longer kept still has rows.
      .where(({ or, eb, exists, selectFrom, ref }) =>
        or([
          eb('kept', '=', 1),
          exists(selectFrom('import_chunk').select('number').where('import_id', '=', ref('import.id'))),
          exists(selectFrom('import_reject').select('row_number').where('import_id', '=', ref('import.id'))),
        ]),
      )
      .orderBy('finished_at'),
  )
  let count = 0
  for (const { id } of found) {
    if (signal?.aborted) break
    // Marked first, so that nobody begins to undo an import whose rows are being removed.
    await database.transact([query.updateTable('import').set({ kept: 0 }).where('id', '=', id)])
    await removeRows(database, id)
    count++
  }
  return count
}

/** In small commits, so that requests can go in between. */
async function removeRows(database: Database, id: number): Promise<void> {
  const { query } = database
  for (;;) {
    const chunks = query.selectFrom('import_chunk').select('number').where('import_id', '=', id)
    const found = await database.read(chunks.orderBy('number').limit(CHUNKS_PER_COMMIT))
    const last = found.at(-1)
    if (!last) break
    const rows = query.deleteFrom('import_chunk').where('import_id', '=', id)
    await database.transact([rows.where('number', '<=', last.number)])
  }
  for (;;) {
    const rejects = query.selectFrom('import_reject').select('row_number').where('import_id', '=', id)
    const found = await database.read(rejects.orderBy('row_number').limit(REJECTS_PER_COMMIT))
    const last = found.at(-1)
    if (!last) break
    const rows = query.deleteFrom('import_reject').where('import_id', '=', id)
    await database.transact([rows.where('row_number', '<=', last.row_number)])
  }
}
