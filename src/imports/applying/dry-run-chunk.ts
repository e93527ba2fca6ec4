import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { ImportPartTable, ImportTable } from '../../storage/import-tables.ts'
import { stopChanges } from '../../suppression/changing/stop.ts'
import { excludesSql } from '../../suppression/deciding/standing.ts'
import { chunkRowsToRead, placesOf } from './chunk-rows.ts'
import { chunkSize, claimChunk, countChunk, isClaimed } from './claim-chunk.ts'

const MOST_SAMPLES = 20

/** Someone whom an import would change. */
export interface Sample {
  address: string
  /** The list, of a file for several. */
  list?: string | undefined
  /** How they stand on the list now. */
  now: 'not-listed' | 'deliverable' | 'excluded'
}

/**
 * Looks at the next chunk of a dry run: counts whom it would change, and keeps the first 20 of them to be shown. False
 * when there was nothing to claim.
 */
export async function dryRunChunk(
  database: Database,
  row: ImportTable,
  part: ImportPartTable,
  at: number,
): Promise<boolean> {
  const samples = JSON.parse(row.sample_json) as Sample[]
  const isFull = samples.length >= MOST_SAMPLES
  const given = isFull ? undefined : await rowsOf(database, part)
  const [[counted], more] = await Promise.all([
    database.read(changing(database, row, part, at).select(sql<number>`count(*)`.as('count'))),
    isFull ? [] : findSamples(database, row, part, at, MOST_SAMPLES - samples.length),
  ])
  const { chunk, claiming } = claimChunk(database, part)
  const { query } = database
  const [claimed] = await database.transact([
    claiming,
    countChunk(query, chunk, { changed: sql<number>`${counted?.count ?? 0}`, applied: chunkSize }),
    ...(given === undefined
      ? []
      : [
          query
            .updateTable('import')
            .set({ sample_json: sampleUnlessErased(row, part, given, [...samples, ...more]) })
            .where('id', '=', row.id)
            .where(isClaimed(chunk)),
        ]),
  ])
  return claimed.length > 0
}

async function rowsOf(database: Database, { import_id, next_chunk }: ImportPartTable): Promise<string> {
  const chunk = database.query
    .selectFrom('import_chunk')
    .select('rows_json')
    .where('import_id', '=', import_id)
  const [found] = await database.read(chunk.where('number', '=', next_chunk))
  return found?.rows_json ?? ''
}

/** Whoever is erased meanwhile is taken out of the rows, but out of the sample only if it has been written by then. */
function sampleUnlessErased(
  { sample_json }: ImportTable,
  { import_id, next_chunk }: ImportPartTable,
  rows: string,
  sample: Sample[],
) {
  return sql<string>`case when sample_json = ${sample_json} and exists (select 1 from import_chunk as c
    where c.import_id = ${import_id} and c.number = ${next_chunk} and c.rows_json = ${rows})
    then ${JSON.stringify(sample)} else sample_json end`
}

async function findSamples(
  database: Database,
  row: ImportTable,
  part: ImportPartTable,
  at: number,
  most: number,
): Promise<Sample[]> {
  const found = await database.read(
    changing(database, row, part, at)
      .select((eb) => [
        sql<string>`given.address`.as('address'),
        sql<number | null>`suppression.active`.as('active'),
        sql<0 | 1>`case when ${excludesSql(eb as never, sql`${at}`)} then 1 else 0 end`.as('excluded'),
      ])
      .orderBy('given.address_key')
      .limit(most),
  )
  return found.map(({ address, active, excluded }) => ({
    address,
    list: row.list_name === 'auto' ? part.list_name : undefined,
    now: active === null ? 'not-listed' : excluded === 1 ? 'excluded' : 'deliverable',
  }))
}

/** Those recipients of the chunk whom the import would change. */
function changing(database: Database, row: ImportTable, part: ImportPartTable, at: number) {
  const { action, created_at } = row
  const { import_id, next_chunk, list_id } = part
  const columns = {
    address_key: 'text',
    address: 'text',
    renewed_at: 'integer',
    message_id: 'text',
  } as const
  const { renewed_at, message_id } = { renewed_at: undefined, message_id: undefined, ...placesOf(row).stop }
  const given = chunkRowsToRead(
    database,
    { importId: import_id, number: next_chunk },
    columns,
    { renewed_at: created_at },
    { ...(renewed_at && { renewed_at }), ...(message_id && { message_id }) },
  )
  return database.query
    .selectFrom(given)
    .leftJoin('suppression', (join) =>
      join
        .onRef('suppression.address_key', '=', 'given.address_key')
        // Offers no index that begins with the list: see `sameList`.
        .on(sql<boolean>`suppression.list_id + 0 = ${list_id}`),
    )
    .where((eb): RawBuilder<boolean> => {
      if (action === 'remove') {
        return sql`(coalesce(suppression.active, 0) = 1 and suppression.requested_at <= ${created_at})`
      }
      const asked = (name: 'requested_at' | 'message_id') =>
        sql.ref(`given.${name === 'requested_at' ? 'renewed_at' : name}`)
      const { changes } = stopChanges(eb as never, sql`${at}`, asked)
      return sql`(suppression.active is null or ${changes})`
    })
}
