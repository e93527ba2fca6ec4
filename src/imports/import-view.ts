import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import type { ImportPartTable, ImportTable } from '../storage/import-tables.ts'
import type { Sample } from './applying/dry-run-chunk.ts'
import { findParts, totalOf } from './applying/import-part.ts'

/** An import as its users see it: history, progress and result together. Times are epoch milliseconds. */
export interface ImportView
  extends Pick<
    ImportTable,
    'id' | 'action' | 'state' | 'sha256' | 'bytes' | 'encoding' | 'format' | 'error'
  > {
  /** `auto` when each row goes to the list of its reason. */
  list: string
  /** What goes to each list, in the order in which lists are applied. */
  lists: { list: string; recipients: number; changed: number; undone: number }[]
  dryRun: boolean
  fileName: string | null
  rows: {
    /** Data rows of the file: skipped + repeated + those to apply. */
    read: number
    /** Rows without a valid address, or that say that there is nothing to stop. */
    skipped: number
    /** Rows whose recipient another row already names. */
    repeated: number
    applied: number
    /** How many recipients it changed; for a dry run, how many it would change. */
    changed: number
    unchanged: number
    /** Of those to apply: who asked longer ago than the list excludes for, and is excluded by nothing. */
    lapsed: number
  }
  rowsPerSecond: number | null
  /** Seconds until it is done; null while that cannot be estimated. */
  secondsLeft: number | null
  /** For a dry run: the first recipients whom it would change. */
  sample: Sample[]
  /**
   * What undoing did; null unless it was undone. `left` recipients were changed by others since and stay as they are.
   */
  undo: { undone: number; left: number | null } | null
  createdBy: string
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  undoneAt: number | null
}

/** The imports of a service, newest first, starting below the given id. */
export async function findImports(
  database: Database,
  serviceId: number,
  { before, limit, now }: { before: number | undefined; limit: number; now: number },
): Promise<ImportView[]> {
  let rows = database.query.selectFrom('import').selectAll().where('service_id', '=', serviceId)
  if (before !== undefined) rows = rows.where('id', '<', before)
  const found = await database.read(rows.orderBy('id', 'desc').limit(limit))
  return toViews(database, found, now)
}

/** Throws DomainError `unknown-import`. */
export async function findImport(
  database: Database,
  serviceId: number,
  id: number,
  now: number,
): Promise<ImportView> {
  const row = await findImportRow(database, serviceId, id)
  const [view] = await toViews(database, [row], now)
  return view as ImportView
}

/** Throws DomainError `unknown-import`. */
export async function findImportRow(database: Database, serviceId: number, id: number): Promise<ImportTable> {
  const rows = database.query.selectFrom('import').selectAll().where('id', '=', id)
  const [row] = await database.read(rows.where('service_id', '=', serviceId))
  if (row) return row
  throw new DomainError('unknown-import', `the service has no import ${id}`, { field: 'id' })
}

async function toViews(database: Database, rows: readonly ImportTable[], now: number): Promise<ImportView[]> {
  const parts = await findParts(
    database,
    rows.map(({ id }) => id),
  )
  return rows.map((row) =>
    toView(
      row,
      parts.filter(({ import_id }) => import_id === row.id),
      now,
    ),
  )
}

function toView(row: ImportTable, parts: readonly ImportPartTable[], now: number): ImportView {
  const [applied, changed, undone] = [
    totalOf(parts, 'applied'),
    totalOf(parts, 'changed'),
    totalOf(parts, 'undone'),
  ]
  const rate = rateOf(row, applied, now)
  return {
    id: row.id,
    list: row.list_name,
    lists: listsOf(row, parts),
    action: row.action,
    dryRun: row.dry_run === 1,
    state: row.state,
    fileName: row.file_name,
    sha256: row.sha256,
    bytes: row.bytes,
    encoding: row.encoding,
    format: row.format,
    rows: {
      read: row.rows_read,
      skipped: row.skipped,
      repeated: row.repeated,
      applied,
      changed,
      unchanged: applied - changed,
      lapsed: row.lapsed,
    },
    rowsPerSecond: rate === undefined ? null : Math.round(rate),
    secondsLeft:
      row.state === 'running' && rate !== undefined ? Math.ceil((row.recipients - applied) / rate) : null,
    sample: JSON.parse(row.sample_json),
    undo:
      row.state === 'undoing' || row.state === 'undone'
        ? { undone, left: row.state === 'undone' ? changed - undone : null }
        : null,
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    undoneAt: row.undone_at,
    error: row.error,
  }
}

function listsOf(row: ImportTable, parts: readonly ImportPartTable[]): ImportView['lists'] {
  const names = row.list_name === 'auto' ? new Set(parts.map(({ list_name }) => list_name)) : [row.list_name]
  return [...names].map((list) => {
    const theirs = parts.filter(({ list_name }) => list_name === list)
    const [recipients, changed, undone] = [
      totalOf(theirs, 'recipients'),
      totalOf(theirs, 'changed'),
      totalOf(theirs, 'undone'),
    ]
    return { list, recipients, changed, undone }
  })
}

/** Rows per second; undefined before anything was applied. */
function rateOf({ started_at, finished_at }: ImportTable, applied: number, now: number): number | undefined {
  if (started_at === null || applied === 0) return undefined
  return (applied * 1_000) / Math.max(1, (finished_at ?? now) - started_at)
}
