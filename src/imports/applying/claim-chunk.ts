import { randomUUID } from 'node:crypto'
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { ImportPartTable } from '../../storage/import-tables.ts'
import type { Tables } from '../../storage/tables.ts'

/**
 * The chunk that a transaction claims by its first statement; when that fails, its other statements find nothing to do.
 */
export interface ClaimedChunk extends Pick<ImportPartTable, 'import_id' | 'first_chunk'> {
  claim: string
}

/**
 * Moves a part on to its next chunk, unless somebody else did or the import has ended. Only the part is locked until
 * the transaction ends: other parts of the import go on meanwhile.
 */
export function claimChunk(
  { query }: Pick<Database, 'query'>,
  { import_id, first_chunk, next_chunk }: ImportPartTable,
): { chunk: ClaimedChunk; claiming: Compilable<Pick<ImportPartTable, 'first_chunk'>> } {
  const chunk = { import_id, first_chunk, claim: randomUUID() }
  const claiming = query
    .updateTable('import_part')
    .set({ claim: chunk.claim, next_chunk: next_chunk + 1 })
    .where('import_id', '=', import_id)
    .where('first_chunk', '=', first_chunk)
    .where('next_chunk', '=', next_chunk)
    .where('is_open', '=', 1)
    .returning('first_chunk')
  return { chunk, claiming }
}

/** Adds to the part's counters what the transaction did with the chunk that it claimed. */
export function countChunk(
  query: Pick<Kysely<Tables>, 'updateTable'>,
  { import_id, first_chunk, claim }: ClaimedChunk,
  counters: { [N in 'applied' | 'changed' | 'undone']?: RawBuilder<number> },
): Compilable {
  return query
    .updateTable('import_part')
    .set(
      Object.fromEntries(
        Object.entries(counters).map(([name, more]) => [name, sql<number>`${sql.ref(name)} + ${more}`]),
      ),
    )
    .where('import_id', '=', import_id)
    .where('first_chunk', '=', first_chunk)
    .where('claim', '=', claim)
}

/** Whether the transaction could claim the chunk, for a statement that is not about its part. */
export function isClaimed({ import_id, first_chunk, claim }: ClaimedChunk): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from import_part as p
    where p.import_id = ${import_id} and p.first_chunk = ${first_chunk} and p.claim = ${claim})`
}

/** How many recipients the claimed chunk has, for `countChunk`. */
export const chunkSize = sql<number>`(select c.recipients from import_chunk as c
  where c.import_id = import_part.import_id and c.number = import_part.next_chunk - 1)`

/** Keeps any further chunk of an import from being claimed. Waits for those that are under way. */
export function closeParts({ query }: Pick<Database, 'query'>, importId: number) {
  return query
    .updateTable('import_part')
    .set({ is_open: 0 })
    .where('import_id', '=', importId)
    .where('is_open', '=', 1)
}
