import type { Database } from '../../storage/database.ts'
import type { ImportPartTable, ImportTable } from '../../storage/import-tables.ts'

/** An import that is under way. */
export interface ActiveImport extends ImportTable {
  /** Its parts that have chunks left, in order. */
  ahead: readonly ImportPartTable[]
}

export async function withPartsAhead(
  database: Database,
  rows: readonly ImportTable[],
): Promise<ActiveImport[]> {
  const parts = await findParts(
    database,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    ...row,
    ahead: parts.filter((part) => part.import_id === row.id && isAhead(part)),
  }))
}

/** Whether a part has chunks left. */
export function isAhead({ next_chunk, first_chunk, chunks }: ImportPartTable): boolean {
  return next_chunk < first_chunk + chunks
}

/** The parts of these imports, those of each in order. */
export async function findParts(database: Database, ids: readonly number[]): Promise<ImportPartTable[]> {
  if (ids.length === 0) return []
  return database.read(
    database.query
      .selectFrom('import_part')
      .selectAll()
      .where('import_id', 'in', ids)
      .orderBy('import_id')
      .orderBy('first_chunk'),
  )
}

/** The counters of an import's parts, summed. */
export function totalOf(
  parts: readonly ImportPartTable[],
  counter: 'recipients' | 'applied' | 'changed' | 'undone',
): number {
  return parts.reduce((sum, part) => sum + part[counter], 0)
}
