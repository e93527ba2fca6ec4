import { randomUUID } from 'node:crypto'
import { takeLeases } from '../../jobs/leases.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import { UniqueViolation } from '../../storage/database-errors.ts'
import type { IdSource } from '../../storage/id-block.ts'
import type { ImportTable } from '../../storage/import-tables.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Reason } from '../../suppression/changing/change.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { type ErasedOfSite, recogniseErased } from '../../suppression/erased/recognise-erased.ts'
import { discardImport } from '../discard.ts'
import { maskErased } from '../erased/mask-erased.ts'
import { erasedInName } from '../erased/masked.ts'
import type { Reject } from '../reading/read-file.ts'
import type { Reading } from '../reading/read-in-thread.ts'
import type { Chunk, FileSummary, Part, Piece } from '../reading/read-thread.ts'
import type { Routing } from '../reading/routing.ts'
import { type FileFormat, tooLarge } from '../reading/unreadable.ts'

export interface ImportRequest {
  serviceId: number
  siteId: number
  /** As its users name it; `auto` for the list of each row's reason. */
  listName: string
  /**
   * The list that a part of the file is for, or the one that was asked for. Called once the file is known to be good,
   * so that no list is created for a bad one.
   */
  listOf(part: string | undefined): Promise<{ id: number; name: string }>
  action: 'add' | 'remove'
  reason: Reason
  dryRun: boolean
  format: FileFormat
  encoding: string | undefined
  /** For rows that may tell more than an address. */
  routing: Omit<Routing, 'now' | 'fileName'> | undefined
  fileName: string | undefined
  createdBy: string
}

export interface StoreParts {
  database: Database
  clock: Clock
  importIds: IdSource
  erased: Pick<ErasedPeople, 'ofSite' | 'since'>
}

/** A file that came in, and who had been erased when reading it began. */
export interface StoredFile extends Pick<ImportTable, 'bytes' | 'sha256'> {
  erased: ErasedOfSite | undefined
}

const STORING_MS = 60_000
const RENEW_MS = 5_000
/** A file of another system may name a list in every row. */
const MOST_LISTS = 1_000

/** Held while rows are being stored: an import whose lease nobody holds was left by a process that died. */
export const receivingLease = (id: number) => `receiving import ${id}`

/**
 * Stores what was read of a file, in chunks; only when all of them are there does it wait to be applied. Throws
 * DomainError `same-import` while the same file is under way for the list. Leaves nothing behind when it breaks off.
 */
export async function storeImport(
  parts: StoreParts,
  request: ImportRequest,
  { erased, ...upload }: StoredFile,
  { summary, pieces }: Reading<FileSummary, AsyncIterable<Piece>>,
): Promise<ImportTable> {
  const { database, clock, importIds } = parts
  const [id] = (await importIds.take(1)) as [number]
  const lists = await listsOf(request, summary)
  const list = request.listName === 'auto' ? { id: 0, name: 'auto' } : await request.listOf(undefined)
  const file = { ...upload, file_name: fileNameOf(request, erased) }
  const row = newRow(id, request, list, summary, file, clock())
  const lease = { owner: randomUUID(), lifetimeMs: STORING_MS }
  let renewAt = Number.NEGATIVE_INFINITY
  const hold = async () => {
    const now = clock()
    if (now < renewAt) return
    await takeLeases(database, [receivingLease(id)], { ...lease, now })
    renewAt = now + RENEW_MS
  }
  await hold()
  await database
    .transact([
      database.query.insertInto('import').values(row),
      ...summary.parts
        .filter(({ chunks }) => chunks > 0)
        .map((part) => insertPart(database, id, part, lists.get(part.list) ?? list)),
    ])
    .catch(refuseSame)
  try {
    for await (const piece of pieces) {
      await hold()
      const insert =
        'chunks' in piece
          ? insertChunks(database, id, piece.chunks)
          : insertRejects(database, id, piece.rejects)
      // Nobody reads these before the commit that says that all of them are there.
      await database.transact([insert], { flush: 'later' })
    }
    // Any erasure from here on finds all of the rows: see `maskErased`.
    const meanwhile = await parts.erased.since(request.siteId, erased)
    if (meanwhile) await maskErased({ database, importId: id, erased: meanwhile, onPart: hold })
    const [complete] = await database.transact([
      database.query
        .updateTable('import')
        .set({ state: 'queued', masked: 1 })
        .where('id', '=', id)
        .where('state', '=', 'receiving')
        .where('claim', 'is', null)
        .returning('id'),
    ])
    // A worker has taken this process for dead.
    if (complete.length === 0)
      throw new DomainError('unavailable', 'storing the file took too long; try again')
  } catch (error) {
    // If this fails too, a worker does it once the lease has lapsed.
    await discardImport(database, id).catch(() => {})
    throw error
  } finally {
    await database
      .transact([database.query.deleteFrom('lease').where('name', '=', receivingLease(id))])
      .catch(() => {})
  }
  return row
}

/** The lists that the file itself names. */
async function listsOf(
  { listOf }: ImportRequest,
  { parts }: FileSummary,
): Promise<Map<string | undefined, { id: number; name: string }>> {
  const names = new Set(parts.flatMap(({ list }) => list ?? []))
  if (names.size > MOST_LISTS) throw tooLarge('lists', names.size, MOST_LISTS)
  const lists = new Map<string | undefined, { id: number; name: string }>()
  for (const name of names) lists.set(name, await listOf(name))
  return lists
}

function newRow(
  id: number,
  request: ImportRequest,
  list: { id: number; name: string },
  summary: FileSummary,
  file: Pick<ImportTable, 'bytes' | 'sha256' | 'file_name'>,
  now: number,
): ImportTable {
  return {
    id,
    service_id: request.serviceId,
    list_id: list.id,
    list_name: list.name,
    action: request.action,
    reason: request.action === 'add' ? request.reason : 'resume',
    dry_run: request.dryRun ? 1 : 0,
    state: 'receiving',
    ...file,
    encoding: summary.encoding,
    format: request.routing === undefined ? null : summary.known,
    rows_read: summary.rows,
    skipped: summary.skipped,
    repeated: summary.repeated,
    recipients: summary.recipients,
    lapsed: summary.lapsed,
    chunks: summary.chunks,
    claim: null,
    sample_json: '[]',
    created_by: request.createdBy,
    created_at: now,
    started_at: null,
    finished_at: null,
    undone_at: null,
    error: null,
    kept: 1,
    masked: 0,
  }
}

function fileNameOf({ fileName }: ImportRequest, erased: ErasedOfSite | undefined): string | null {
  if (fileName === undefined) return null
  return erasedInName(fileName, recogniseErased(erased)) ?? fileName
}

function refuseSame(error: unknown): never {
  if (!(error instanceof UniqueViolation)) throw error
  refuseTwin()
}

export function refuseTwin(): never {
  throw new DomainError('same-import', 'the same file is being imported into this list at this moment')
}

function insertPart(
  { query }: Database,
  id: number,
  { firstChunk, chunks, recipients }: Part,
  list: { id: number; name: string },
) {
  return query.insertInto('import_part').values({
    ...{ import_id: id, first_chunk: firstChunk, chunks, list_id: list.id, list_name: list.name, recipients },
    ...{ next_chunk: firstChunk, is_open: 1, claim: null, applied: 0, changed: 0, undone: 0 },
  })
}

function insertChunks(database: Database, id: number, chunks: readonly Chunk[]) {
  return database.query.insertInto('import_chunk').values(
    chunks.map(({ number, recipients, rowsJson }) => ({
      import_id: id,
      number,
      recipients,
      rows_json: rowsJson,
    })),
  )
}

function insertRejects(database: Database, id: number, rejects: readonly Reject[]) {
  const columns = {
    import_id: 'integer',
    row_number: 'integer',
    text: 'text',
    reason: 'text',
    found_json: 'text',
  } as const
  const rows = rejects.map(({ number, text, reason: [code, ...found] }) => ({
    import_id: id,
    row_number: number,
    text,
    reason: code,
    found_json: JSON.stringify(found),
  }))
  return database.query
    .insertInto('import_reject')
    .columns(['import_id', 'row_number', 'text', 'reason', 'found_json'])
    .expression(
      (eb) =>
        eb
          .selectFrom(rowSet(database, 'given', columns, rows))
          .select(['import_id', 'row_number', 'text', 'reason', 'found_json']) as never,
    )
}
