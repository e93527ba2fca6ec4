import { type Compilable, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { ImportPartTable, ImportTable } from '../storage/import-tables.ts'
import type { ClaimedChunk } from './chunk-rows.ts'

/** An import at its next chunk, with the list that this is for. */
export interface ImportAtPart extends ImportTable {
  /** Undefined where the whole file is for one list. */
  part: ImportPartTable | undefined
  /** Those that are still to come, this one included. */
  listsAhead: readonly number[]
}

/** The lists of imports that are under way. Only those without a list of their own have parts. */
export async function atParts(database: Database, rows: readonly ImportTable[]): Promise<ImportAtPart[]> {
  const ids = rows.filter(({ list_id }) => list_id === 0).map(({ id }) => id)
  const parts = ids.length === 0 ? [] : await findParts(database, ids)
  return rows.map((row) => {
    const ahead = parts.filter(
      ({ import_id, first_chunk, chunks }) => import_id === row.id && first_chunk + chunks > row.next_chunk,
    )
    const [part] = ahead
    const listsAhead = row.list_id === 0 ? ahead.map(({ list_id }) => list_id) : [row.list_id]
    return { ...row, list_id: part?.list_id ?? row.list_id, part, listsAhead }
  })
}

export async function findParts(database: Database, ids: readonly number[]): Promise<ImportPartTable[]> {
  return database.read(
    database.query
      .selectFrom('import_part')
      .selectAll()
      .where('import_id', 'in', ids)
      .orderBy('import_id')
      .orderBy('first_chunk'),
  )
}

/** Counts for a part what the transaction has counted for the whole, less what the parts before it have. */
export function countPart(
  database: Database,
  { part }: Pick<ImportAtPart, 'part'>,
  { importId, claim }: ClaimedChunk,
  counter: 'changed' | 'undone',
): Compilable[] {
  if (!part) return []
  const { first_chunk } = part
  const whole = sql`(select ${sql.ref(counter)} from import where id = ${importId})`
  const before = sql`(select coalesce(sum(p.${sql.ref(counter)}), 0) from import_part as p
    where p.import_id = ${importId} and p.first_chunk < ${first_chunk})`
  return [
    database.query
      .updateTable('import_part')
      .set({ [counter]: sql<number>`${whole} - ${before}` })
      .where('import_id', '=', importId)
      .where('first_chunk', '=', first_chunk)
      .where(sql<boolean>`exists (select 1 from import where id = ${importId} and claim = ${claim})`),
  ]
}
