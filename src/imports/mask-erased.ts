import { addressesIn } from '../mail/mentioned-addresses.ts'
import type { Database } from '../storage/database.ts'
import type { ErasedPeople } from '../suppression/erased.ts'

interface Stored {
  database: Database
  erased: Pick<ErasedPeople, 'find' | 'isSomeone'>
  importId: number
  siteId: number
  /** Told before each part of it: it takes time. */
  onPart(): Promise<void>
}

const REJECTS_PER_PAGE = 500

/**
 * Writes hashes in the place of people who were erased into an import that is stored and not yet carried out: they stay excluded
 * or are resumed like others, and no row keeps their address. Whoever is erased later finds these rows there: an erasure is marked
 * before it looks, and this looks for marks after everything was stored, so that one of the two always sees the other.
 */
export async function maskErased(stored: Stored): Promise<void> {
  if (!(await stored.erased.isSomeone())) return
  await maskName(stored)
  await maskRejects(stored)
  await maskChunks(stored)
}

async function maskChunks({ database, erased, importId, siteId, onPart }: Stored): Promise<void> {
  const chunks = database.query.selectFrom('import_chunk').where('import_id', '=', importId)
  for (let number = 0; ; ) {
    await onPart()
    const chunk = chunks.select('rows_json').where('number', '=', number)
    const [found] = await database.read(chunk)
    if (!found) return
    const rows = JSON.parse(found.rows_json) as ChunkRow[]
    const hashes = await erased.find(
      rows.map(([key]) => key),
      [siteId],
    )
    const masked = rows.map((row) => {
      const hash = hashes.get(row[0])
      return hash === undefined ? row : maskedRow(row, hash)
    })
    if (hashes.size > 0) {
      const [written] = await database.transact([
        database.query
          .updateTable('import_chunk')
          .set({ rows_json: JSON.stringify(masked) })
          .where('import_id', '=', importId)
          .where('number', '=', number)
          .where('rows_json', '=', found.rows_json)
          .returning('number'),
      ])
      // An erasure has written it meanwhile.
      if (written.length === 0) continue
    }
    number++
  }
}

async function maskRejects({ database, erased, importId, siteId, onPart }: Stored): Promise<void> {
  const { query } = database
  const rejects = query.selectFrom('import_reject').where('import_id', '=', importId)
  for (let after = 0; ; ) {
    await onPart()
    const page = await database.read(
      rejects
        .select(['row_number', 'text', 'found_json'])
        .where('row_number', '>', after)
        .orderBy('row_number')
        .limit(REJECTS_PER_PAGE),
    )
    const last = page.at(-1)
    if (!last) return
    const named = page.map((row) => ({ row, keys: addressesIn(`${row.text}\n${row.found_json}`) }))
    const hashes = await erased.find([...new Set(named.flatMap(({ keys }) => keys))], [siteId])
    const theirs = named.flatMap(({ row, keys }) => {
      const hash = keys.map((key) => hashes.get(key)).find((found) => found !== undefined)
      return hash === undefined ? [] : [{ row, hash }]
    })
    if (theirs.length > 0) {
      await database.transact(
        theirs.map(({ row, hash }) =>
          query
            .updateTable('import_reject')
            .set({ text: hash, found_json: '[]' })
            .where('import_id', '=', importId)
            .where('row_number', '=', row.row_number),
        ),
      )
    }
    after = last.row_number
  }
}

async function maskName({ database, erased, importId, siteId }: Stored): Promise<void> {
  const row = database.query.selectFrom('import').select('file_name').where('id', '=', importId)
  const [found] = await database.read(row)
  const [hash] = (await erased.find(addressesIn(found?.file_name ?? ''), [siteId])).values()
  if (hash === undefined) return
  await database.transact([
    database.query.updateTable('import').set({ file_name: hash }).where('id', '=', importId),
  ])
}

/** A recipient as `ImportChunkTable` has it. */
export type ChunkRow = [key: string, address?: string | null, ...known: (string | number | null)[]]

/** The row with a hash in the place of the address, without the evidence that a known export brought along. */
export function maskedRow([, , ...known]: ChunkRow, hash: string): ChunkRow {
  return known.length === 0 ? [hash] : [hash, null, ...known.slice(0, 4), null]
}
