import type { Database } from '../storage/database.ts'
import type { ImportTable } from '../storage/import-tables.ts'
import type { ErasedPeople } from '../suppression/erased.ts'

/**
 * Writes hashes in the place of people who were erased into the next chunk of an import, before it is carried out: they stay
 * excluded or are resumed like others, and their addresses are not written back.
 */
export async function maskErased(
  database: Database,
  erased: Pick<ErasedPeople, 'find' | 'isSomeone'>,
  { id, service_id, next_chunk }: ImportTable,
): Promise<void> {
  if (!(await erased.isSomeone())) return
  const { query } = database
  const [[service], [chunk]] = await Promise.all([
    database.read(query.selectFrom('service').select('site_id').where('id', '=', service_id)),
    database.read(
      query
        .selectFrom('import_chunk')
        .select('rows_json')
        .where('import_id', '=', id)
        .where('number', '=', next_chunk),
    ),
  ])
  if (!service || !chunk) return
  const rows = JSON.parse(chunk.rows_json) as ChunkRow[]
  const hashes = await erased.find(
    rows.map(([key]) => key),
    [service.site_id],
  )
  if (hashes.size === 0) return
  const masked = rows.map((row) => {
    const hash = hashes.get(row[0])
    return hash === undefined ? row : maskedRow(row, hash)
  })
  await database.transact([
    query
      .updateTable('import_chunk')
      .set({ rows_json: JSON.stringify(masked) })
      .where('import_id', '=', id)
      .where('number', '=', next_chunk),
  ])
}

/** A recipient as `ImportChunkTable` has it. */
export type ChunkRow = [key: string, address?: string | null, ...known: (string | number | null)[]]

/** The row with a hash in the place of the address, without the evidence that a known export brought along. */
export function maskedRow([, , ...known]: ChunkRow, hash: string): ChunkRow {
  return known.length === 0 ? [hash] : [hash, null, ...known.slice(0, 4), null]
}
