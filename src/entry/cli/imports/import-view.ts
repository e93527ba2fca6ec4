import { meterLine } from '../meter.ts'

/** An import as the API tells it. */
export interface ImportView {
  id: number
  list: string
  lists: { list: string; changed: number }[]
  action: string
  dryRun: boolean
  state: string
  fileName: string | null
  sha256: string
  /** The known export that it is. */
  format: string | null
  rows: Record<'read' | 'skipped' | 'repeated' | 'applied' | 'changed' | 'unchanged' | 'lapsed', number>
  rowsPerSecond: number | null
  secondsLeft: number | null
  sample: { address: string; list?: string; now: string }[]
  undo: { undone: number; left: number | null } | null
  createdBy: string
  createdAt: string
  error: string | null
}

/** One line of a listing. */
export function importLine(view: ImportView): string {
  const { id, createdAt, createdBy, action, list, fileName } = view
  return [id, createdAt, createdBy, stateOf(view), action, list, fileName ?? '-', counts(view)].join('\t')
}

/** The result of an import, as sentences. */
export function importLines(view: ImportView): string[] {
  const { id, action, list, lists, fileName, format, sha256, sample, undo, error } = view
  return [
    `import ${id}: ${action} ${action === 'add' ? 'to' : 'from'} ${list}, ${stateOf(view)}`,
    `${fileName ?? 'file without a name'}, SHA-256 ${sha256}`,
    ...(format === null ? [] : [`read as ${format}`]),
    counts(view),
    ...(view.rows.lapsed > 0 ? [lapsedLine(view.rows)] : []),
    ...(lists.length > 1 ? lists.map((part) => `${part.list}: ${part.changed}`) : []),
    ...sample.map(
      (some) => `would change: ${some.address} (${[some.list, some.now].filter(Boolean).join(', ')})`,
    ),
    ...(undo ? [undoLine(undo)] : []),
    ...(error === null ? [] : [error]),
  ]
}

export function progressLine({ rows, state, rowsPerSecond, secondsLeft, undo }: ImportView): string {
  if (undo) return `${state}: ${undo.undone} of ${rows.changed}`
  const total = Math.max(1, rows.read - rows.skipped - rows.repeated)
  return meterLine({ part: rows.applied / total, rowsPerSecond, secondsLeft })
}

function stateOf({ state, dryRun }: ImportView): string {
  return dryRun ? `${state} (dry run)` : state
}

function counts({ rows, dryRun }: ImportView): string {
  const { read, applied, changed, unchanged, skipped, repeated } = rows
  const change = dryRun ? `${changed} would change` : `${changed} changed`
  return `${read} rows: ${applied} applied, ${change}, ${unchanged} unchanged, ${skipped} skipped, ${repeated} repeated`
}

function lapsedLine({ lapsed }: ImportView['rows']): string {
  return `${lapsed} of them exclude nobody: their requests are older than the lifetime of the list`
}

function undoLine({ undone, left }: { undone: number; left: number | null }): string {
  return left === null
    ? `${undone} undone so far`
    : `${undone} undone, ${left} left as they are: something else changed them since`
}
