import { type RawBuilder, sql } from 'kysely'
import type { ColumnKind } from '../../storage/cells.ts'
import type { Database } from '../../storage/database.ts'
import type { ImportPartTable, ImportTable } from '../../storage/import-tables.ts'
import { jsonElements } from '../../storage/json-array.ts'
import { columnType, type RowSet } from '../../storage/row-set.ts'
import type { ClaimedChunk } from './claim-chunk.ts'

const KEY = sql`r.value ->> 0`
const ADDRESS = sql`coalesce(r.value ->> 1, r.value ->> 0)`

type Constants<C> = { [N in keyof C]?: string | number }

/** The index of each column's value in a recipient of a chunk. */
type Places<C> = Readonly<Partial<Record<keyof C, number>>>

/**
 * What a known export says of each recipient: see `ImportChunkTable`. The exclusion began at `since`; the event tells
 * of the request.
 */
const KNOWN = {
  stop: { requested_at: 3, renewed_at: 2, reason: 4, message_id: 5 },
  event: { requested_at: 2, reason: 4, message_id: 5, evidence_json: 6 },
} as const
const ADDRESSES_ALONE = { stop: {}, event: {} } as const

export function placesOf({ format }: Pick<ImportTable, 'format'>): typeof KNOWN | typeof ADDRESSES_ALONE {
  return format === null ? ADDRESSES_ALONE : KNOWN
}

/**
 * The recipients of a claimed chunk as a row set: `address_key` and `address`. They stay in the database: neither the
 * main thread nor the wire has to carry them. `constants` are columns with one value for all recipients, or for those
 * of whom the chunk gives none; any other missing value is null.
 */
export function chunkRows<const C extends Record<string, ColumnKind>>(
  database: Database,
  { import_id, first_chunk, claim }: ClaimedChunk,
  columns: C,
  constants: Constants<C>,
  places: Places<C>,
): RowSet<C, 'given'> {
  const rows = sql<string>`(select c.rows_json from import_part as p
    join import_chunk as c on c.import_id = p.import_id and c.number = p.next_chunk - 1
    where p.import_id = ${import_id} and p.first_chunk = ${first_chunk} and p.claim = ${claim})`
  return recipientRows(database, rows, columns, constants, places)
}

/** The recipients of a chunk, without claiming it. */
export function chunkRowsToRead<const C extends Record<string, ColumnKind>>(
  database: Database,
  { importId, number }: { importId: number; number: number },
  columns: C,
  constants: Constants<C>,
  places: Places<C>,
): RowSet<C, 'given'> {
  const rows = sql<string>`(select rows_json from import_chunk where import_id = ${importId} and number = ${number})`
  return recipientRows(database, rows, columns, constants, places)
}

/**
 * Whether anybody is on the part's list between the first and the last recipient of its next chunk, which are in the
 * order of their keys. When a list is filled for the first time nobody is, and the chunk need not be compared with it
 * row by row. That pays only on PostgreSQL; on SQLite it is not asked. People who were erased are listed under a hash,
 * so for them the answer may be wrong.
 */
export async function meetsListed(
  database: Database,
  { import_id, next_chunk, list_id }: ImportPartTable,
): Promise<boolean> {
  if (database.engine === 'sqlite') return true
  const found = sql`select 1 from (select rows_json::jsonb as rows from import_chunk
      where import_id = ${import_id} and number = ${next_chunk}) c
    cross join lateral (select 1 from suppression as s where s.list_id = ${list_id}
      and s.address_key >= c.rows -> 0 ->> 0 and s.address_key <= c.rows -> -1 ->> 0 limit 1) s`
  return (await database.read({ compile: () => found.compile(database.query) })).length > 0
}

/** A single function in `from`, with nothing joined to it: planners then seek from it, as they do from any row set. */
function recipientRows<const C extends Record<string, ColumnKind>>(
  database: Database,
  rows: RawBuilder<string>,
  columns: C,
  constants: Constants<C>,
  places: Places<C>,
): RowSet<C, 'given'> {
  const cells = Object.entries(columns).map(([name, kind]) => {
    const stored = { address_key: KEY, address: ADDRESS }[name]
    const type = columnType(kind)
    const constant = sql`cast(${constants[name] ?? null} as ${type})`
    const place = places[name]
    const own =
      place === undefined
        ? constant
        : sql`coalesce(cast(r.value ->> ${sql.lit(place)} as ${type}), ${constant})`
    return sql`${stored ?? own} as ${sql.ref(name)}`
  })
  const given = sql`(select ${sql.join(cells)} from ${jsonElements(database, rows, 'r')})`
  return given.as('given') as unknown as RowSet<C, 'given'>
}
