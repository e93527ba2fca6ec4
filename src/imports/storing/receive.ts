import type { Readable } from 'node:stream'
import { invalid } from '../../kernel/domain-error.ts'
import { moduleUrl } from '../../kernel/module-url.ts'
import type { ImportTable } from '../../storage/import-tables.ts'
import { readInThread } from '../reading/read-in-thread.ts'
import type { FileSummary, Piece, ReadTask } from '../reading/read-thread.ts'
import { unreadable } from '../reading/unreadable.ts'
import { type ImportRequest, refuseTwin, type StoreParts, storeImport } from './store-import.ts'
import { withUpload } from './upload.ts'

const READ_THREAD = moduleUrl('../reading/read-thread', import.meta.url)

interface Received {
  id: number
  rows: number
  sha256: string
}

export type ReceiveImport = (input: Readable, request: ImportRequest) => Promise<Received>

export interface ReceiveParts extends StoreParts {
  /** Where files lie while they are being read. */
  directory: string
  /** Called when there is an import to be applied. */
  onQueued(): void
}

/**
 * Takes a file in: puts it on disk, reads it as a whole and stores it in chunks; only then is it there to be applied.
 * Throws DomainErrors for what is wrong with it, and `same-import` while the same file is under way for the list;
 * nothing is changed then. Files are read one after another, since each takes memory.
 */
export function createReceiveImport(parts: ReceiveParts): ReceiveImport {
  let turn: Promise<unknown> = Promise.resolve()
  const beingRead = new Set<string>()
  return async (input, request) => {
    refuseName(request)
    return withUpload(input, parts.directory, async ({ file, bytes, sha256 }) => {
      const { format, encoding, fileName = '' } = request
      const routing = request.routing && { ...request.routing, now: parts.clock(), fileName }
      const read = async () => {
        const erased = await parts.erased.ofSite(request.siteId)
        return readInThread<ReadTask, FileSummary, Piece, ImportTable>(
          READ_THREAD,
          { file, format, encoding, routing, erased },
          (reading) => storeImport(parts, request, { bytes, sha256, erased }, reading),
        )
      }
      const name = `${request.serviceId} ${request.dryRun} ${request.listName} ${sha256}`
      if (beingRead.has(name)) refuseTwin()
      beingRead.add(name)
      const result = turn.then(read).finally(() => beingRead.delete(name))
      turn = result.catch(() => {})
      const row = await result
      parts.onQueued()
      return { id: row.id, rows: row.rows_read, sha256 }
    })
  }
}

function refuseName({ format, fileName = '' }: ImportRequest): void {
  if (/\.xls[xmb]?$/i.test(fileName)) throw unreadable('workbook', format, 'an Excel workbook')
  if (format === 'csv' && fileName !== '' && !/\.csv$/i.test(fileName)) {
    throw invalid('name', 'must end in .csv')
  }
}
