import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { takeLeases } from '../jobs/leases.ts'
import type { Clock } from '../kernel/clock.ts'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import { rowSet } from '../storage/row-set.ts'
import type { ImportTable } from '../storage/tables.ts'
import type { Reason } from '../suppression/change.ts'
import { discardImport } from './discard.ts'
import type { FileFormat, Reject } from './read-file.ts'
import type { Chunk } from './read-thread.ts'
import { type Reading, withFile } from './reader.ts'
import { withUpload } from './upload.ts'

interface ImportRequest {
  serviceId: number
  /** As its users name it. */
  listName: string
  /** Asked once the file is known to be good: a list that the import makes is not made for a bad one. */
  listId(): Promise<number>
  action: 'add' | 'remove'
  reason: Reason
  dryRun: boolean
  format: FileFormat
  encoding: string | undefined
  fileName: string | undefined
  createdBy: string
}

interface Received {
  id: number
  rows: number
  sha256: string
}

export type ReceiveImport = (input: Readable, request: ImportRequest) => Promise<Received>

export interface ReceiveParts {
  database: Database
  clock: Clock
  importIds: IdSource
  /** Where files lie while they are being read. */
  directory: string
  /** Told that there is something to do. */
  onQueued(): void
}

const STORING_MS = 60_000

/** Held while rows are being stored: what nobody holds was left by a process that died. */
export const receivingLease = (id: number) => `receiving import ${id}`

/**
 * Takes a file in: it is on disk, then read as a whole, then stored in chunks, and only then there to be applied. Throws
 * DomainErrors for what is wrong with it, and `same-import` while the same file is under way for the list; nothing is
 * changed then. Files are read one after another, since each takes memory.
 */
export function createReceiveImport(parts: ReceiveParts): ReceiveImport {
  let turn: Promise<unknown> = Promise.resolve()
  return async (input, request) => {
    if (request.format === 'csv' && request.fileName && !/\.csv$/i.test(request.fileName)) {
      throw invalid('name', 'must end in .csv')
    }
    return withUpload(input, parts.directory, async ({ file, bytes, sha256 }) => {
      const { format, encoding } = request
      const read = () =>
        withFile({ file, format, encoding }, (reading) => store(parts, request, { bytes, sha256 }, reading))
      const result = turn.then(read)
      turn = result.catch(() => {})
      const row = await result
      parts.onQueued()
      return { id: row.id, rows: row.rows_read, sha256 }
    })
  }
}

async function store(
  parts: ReceiveParts,
  request: ImportRequest,
  upload: Pick<ImportTable, 'bytes' | 'sha256'>,
  { summary, pieces }: Reading,
): Promise<ImportTable> {
  const { database, clock, importIds } = parts
  const [id] = (await importIds.take(1)) as [number]
  const row = newRow(id, request, await request.listId(), summary, upload, clock())
  const lease = { owner: randomUUID(), lifetimeMs: STORING_MS }
  await takeLeases(database, [receivingLease(id)], { ...lease, now: clock() })
  await database.transact([database.query.insertInto('import').values(row)]).catch(refuseSame)
  try {
    for await (const piece of pieces) {
      await takeLeases(database, [receivingLease(id)], { ...lease, now: clock() })
      await database.transact([
        'chunks' in piece
          ? insertChunks(database, id, piece.chunks)
          : insertRejects(database, id, piece.rejects),
      ])
    }
    const [complete] = await database.transact([
      database.query
        .updateTable('import')
        .set({ state: 'queued' })
        .where('id', '=', id)
        .where('state', '=', 'receiving')
        .returning('id'),
    ])
    // A worker took this process for dead.
    if (complete.length === 0)
      throw new DomainError('unavailable', 'storing the file took too long; try again')
  } catch (error) {
    // Where this fails too, a worker does it once the lease has lapsed.
    await discardImport(database, id).catch(() => {})
    throw error
  } finally {
    await database
      .transact([database.query.deleteFrom('lease').where('name', '=', receivingLease(id))])
      .catch(() => {})
  }
  return row
}

function newRow(
  id: number,
  request: ImportRequest,
  listId: number,
  summary: Reading['summary'],
  upload: Pick<ImportTable, 'bytes' | 'sha256'>,
  now: number,
): ImportTable {
  return {
    id,
    service_id: request.serviceId,
    list_id: listId,
    list_name: request.listName,
    action: request.action,
    reason: request.action === 'add' ? request.reason : 'resume',
    dry_run: request.dryRun ? 1 : 0,
    state: 'receiving',
    file_name: request.fileName ?? null,
    ...upload,
    encoding: summary.encoding,
    rows_read: summary.rows,
    skipped: summary.skipped,
    repeated: summary.repeated,
    recipients: summary.recipients,
    chunks: summary.chunks,
    next_chunk: 0,
    claim: null,
    applied: 0,
    changed: 0,
    undone: 0,
    sample_json: '[]',
    created_by: request.createdBy,
    created_at: now,
    started_at: null,
    finished_at: null,
    undone_at: null,
    error: null,
    kept: 1,
  }
}

function refuseSame(error: unknown): never {
  if (!(error instanceof UniqueViolation)) throw error
  throw new DomainError('same-import', 'the same file is being imported into this list at this moment')
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
  const columns = { import_id: 'integer', row_number: 'integer', text: 'text', reason: 'text' } as const
  const rows = rejects.map(({ number, text, reason }) => ({
    import_id: id,
    row_number: number,
    text,
    reason,
  }))
  return database.query
    .insertInto('import_reject')
    .columns(['import_id', 'row_number', 'text', 'reason'])
    .expression(
      (eb) =>
        eb
          .selectFrom(rowSet(database, 'given', columns, rows))
          .select(['import_id', 'row_number', 'text', 'reason']) as never,
    )
}
