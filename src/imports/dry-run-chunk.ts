import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { ImportTable } from '../storage/tables.ts'
import { excludesSql } from '../suppression/standing.ts'
import { chunkSize, claimChunk } from './apply-chunk.ts'
import { chunkRowsToRead } from './chunk-rows.ts'

const MOST_SAMPLES = 20

/** Someone whom an import would change. */
export interface Sample {
  address: string
  /** How they stand on the list now. */
  now: 'not-listed' | 'deliverable' | 'excluded'
}

/** Looks at the next chunk of a dry run: counts whom it would change, and keeps the first 20 of them to be shown. */
export async function dryRunChunk(database: Database, row: ImportTable, at: number): Promise<void> {
  const samples = JSON.parse(row.sample_json) as Sample[]
  const [[counted], more] = await Promise.all([
    database.read(changing(database, row, at).select(sql<number>`count(*)`.as('count'))),
    samples.length >= MOST_SAMPLES ? [] : findSamples(database, row, at, MOST_SAMPLES - samples.length),
  ])
  const claim = randomUUID()
  await database.transact([
    claimChunk(database, row, { importId: row.id, claim }, ['queued', 'running']),
    database.query
      .updateTable('import')
      .set({
        changed: sql<number>`changed + ${counted?.count ?? 0}`,
        applied: sql<number>`applied + ${chunkSize}`,
        sample_json: JSON.stringify([...samples, ...more]),
        state: 'running',
        started_at: sql<number>`coalesce(started_at, ${at})`,
      })
      .where('id', '=', row.id)
      .where('claim', '=', claim),
  ])
}

async function findSamples(
  database: Database,
  row: ImportTable,
  at: number,
  most: number,
): Promise<Sample[]> {
  const found = await database.read(
    changing(database, row, at)
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
    now: active === null ? 'not-listed' : excluded === 1 ? 'excluded' : 'deliverable',
  }))
}

/** Those of the chunk whom the import would change. */
function changing(database: Database, { id, next_chunk, list_id, action }: ImportTable, at: number) {
  const columns = { address_key: 'text', address: 'text' } as const
  const given = chunkRowsToRead(database, { importId: id, number: next_chunk }, columns)
  return database.query
    .selectFrom(given)
    .leftJoin('suppression', (join) =>
      join
        .onRef('suppression.address_key', '=', 'given.address_key')
        // Offers no index that begins with the list: see record.ts.
        .on(sql<boolean>`suppression.list_id + 0 = ${list_id}`),
    )
    .where((eb): RawBuilder<boolean> => {
      const excluded = excludesSql(eb as never, sql`${at}`)
      return action === 'add'
        ? sql`(suppression.active is null or not ${excluded})`
        : sql`coalesce(suppression.active, 0) = 1`
    })
}
