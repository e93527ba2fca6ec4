import type { Database } from '../../storage/database.ts'
import type { ImportTable } from '../../storage/import-tables.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import {
  type ErasedOfSite,
  type RecogniseErased,
  recogniseErased,
} from '../../suppression/erased/recognise-erased.ts'
import { type ChunkRow, erasedIn, erasedInName, maskedRow } from './masked.ts'
import { namelessRow } from './nameless-row.ts'

interface Stored {
  database: Database
  importId: number
  erased: ErasedOfSite
  /** Called before each part of the work, which takes time. */
  onPart(): Promise<unknown>
}

const REJECTS_PER_PAGE = 500

/**
 * Replaces people who were erased by their hashes in an import that is stored and not yet applied: they are excluded or
 * resumed like others, and no row keeps their address. Reading a file leaves them out already (`read-thread.ts`); this
 * is for those who were erased after that began. An erasure later than this finds the stored rows itself: erasing marks
 * before it looks, and this looks for marks after everything was stored, so that one of the two always sees the other.
 */
export async function maskErased(stored: Stored): Promise<void> {
  const recognise = recogniseErased(stored.erased)
  await maskName(stored, recognise)
  await maskRejects(stored, recognise)
  await maskChunks(stored, recognise)
}

/** The same for a waiting import that was stored by an earlier release, which did not leave erased people out. */
export async function maskEarlier(
  { database, erased }: { database: Database; erased: Pick<ErasedPeople, 'ofSite'> },
  { id, service_id }: Pick<ImportTable, 'id' | 'service_id'>,
  onPart: () => Promise<unknown>,
): Promise<void> {
  const { query } = database
  const services = query.selectFrom('service').select('site_id')
  const [service] = await database.read(services.where('id', '=', service_id))
  const people = service && (await erased.ofSite(service.site_id))
  if (people) await maskErased({ database, importId: id, erased: people, onPart })
  await database.transact([query.updateTable('import').set({ masked: 1 }).where('id', '=', id)])
}

async function maskChunks({ database, importId, onPart }: Stored, recognise: RecogniseErased): Promise<void> {
  const chunks = database.query.selectFrom('import_chunk').where('import_id', '=', importId)
  for (let number = 0; ; ) {
    await onPart()
    const chunk = chunks.select('rows_json').where('number', '=', number)
    const [found] = await database.read(chunk)
    if (!found) return
    const rows = JSON.parse(found.rows_json) as ChunkRow[]
    let isMasked = false
    for (const [index, row] of rows.entries()) {
      const hash = recognise(row[0])
      const clean = hash === undefined ? namelessRow(row, recognise) : maskedRow(row, hash)
      if (clean === row) continue
      rows[index] = clean
      isMasked = true
    }
    if (isMasked) {
      const [written] = await database.transact([
        database.query
          .updateTable('import_chunk')
          .set({ rows_json: JSON.stringify(rows) })
          .where('import_id', '=', importId)
          .where('number', '=', number)
          .where('rows_json', '=', found.rows_json)
          .returning('number'),
      ])
      // An erasure has rewritten it meanwhile.
      if (written.length === 0) continue
    }
    number++
  }
}

async function maskRejects(
  { database, importId, onPart }: Stored,
  recognise: RecogniseErased,
): Promise<void> {
  const { query } = database
  const rejects = query.selectFrom('import_reject').where('import_id', '=', importId)
  for (let after = 0; ; ) {
    await onPart()
    const page = await database.read(
      rejects
        .select(['row_number', 'text', 'reason', 'found_json'])
        .where('row_number', '>', after)
        .orderBy('row_number')
        .limit(REJECTS_PER_PAGE),
    )
    const last = page.at(-1)
    if (!last) return
    const theirs = page.flatMap((row) => {
      const hash = erasedIn(`${row.text}\n${row.reason}\n${row.found_json}`, recognise)
      return hash === undefined ? [] : [{ row, hash }]
    })
    if (theirs.length > 0) {
      await database.transact(
        theirs.map(({ row, hash }) =>
          query
            .updateTable('import_reject')
            .set({
              text: hash,
              reason: erasedIn(row.reason, recognise) ?? row.reason,
              found_json: row.found_json && '[]',
            })
            .where('import_id', '=', importId)
            .where('row_number', '=', row.row_number),
        ),
      )
    }
    after = last.row_number
  }
}

async function maskName({ database, importId }: Stored, recognise: RecogniseErased): Promise<void> {
  const row = database.query.selectFrom('import').select('file_name').where('id', '=', importId)
  const [found] = await database.read(row)
  const hash = erasedInName(found?.file_name ?? '', recognise)
  if (hash === undefined) return
  await database.transact([
    database.query.updateTable('import').set({ file_name: hash }).where('id', '=', importId),
  ])
}
