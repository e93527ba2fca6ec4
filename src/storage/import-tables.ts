import type { Flag } from './flag.ts'

/** The tables of files that are applied to lists: see `tables.ts`. */

/** `receiving` while its rows are being stored; `undoing` and `undone` follow on `done`, `cancelled` or `failed`. */
export type ImportState =
  | 'receiving'
  | 'queued'
  | 'running'
  | 'done'
  | 'cancelled'
  | 'failed'
  | 'undoing'
  | 'undone'

export interface ImportTable {
  id: number
  service_id: number
  /**
   * 0 for a file whose rows go to several lists, which its parts name, and for a dry run on a list that the import
   * itself would create.
   */
  list_id: number
  /** As its users name it; `auto` when its parts name the lists. */
  list_name: string
  action: 'add' | 'remove'
  /** The reason in its events: why those whom it adds are on the list, or `resume`. */
  reason: string
  dry_run: Flag
  state: ImportState
  file_name: string | null
  /** Of the file as it came, in hexadecimal. */
  sha256: string
  bytes: number
  encoding: string
  /** The known export that the file is; its chunks then say when and why. Null for nothing but addresses. */
  format: string | null
  /** Data rows: skipped + repeated + recipients. */
  rows_read: number
  skipped: number
  repeated: number
  recipients: number
  /** Of the recipients those whose request was older than the lifetime of their list when the file was read. */
  lapsed: number
  chunks: number
  /** Written by a worker that takes the process that was storing the rows for dead. */
  claim: string | null
  /** For a dry run: the first recipients who would change. */
  sample_json: string
  created_by: string
  created_at: number
  started_at: number | null
  finished_at: number | null
  undone_at: number | null
  error: string | null
  /** 1 while its chunks and rejects are there. */
  kept: Flag
  /**
   * 1 once its rows are stored without the people who had been erased by then; 0 also for imports of earlier releases.
   */
  masked: Flag
}

/**
 * The rows of an import that go to one list, or part of them: consecutive chunks, applied one after another. An import
 * of which no row can be applied has no part.
 */
export interface ImportPartTable {
  import_id: number
  first_chunk: number
  chunks: number
  /** 0 for a dry run on a list that the import itself would create. */
  list_id: number
  list_name: string
  recipients: number
  /** The first chunk that has not been applied, or undone, yet. */
  next_chunk: number
  /**
   * 1 while chunks may be claimed. Whoever ends the import closes its parts first, and so waits for the chunks under
   * way.
   */
  is_open: Flag
  /** Written by each transaction that works on a chunk: its other statements find the chunk by it. */
  claim: string | null
  applied: number
  changed: number
  undone: number
}

export interface ImportChunkTable {
  import_id: number
  /** From 0. */
  number: number
  recipients: number
  /**
   * An array in the order of the keys. Of addresses alone: `[address_key]`, or `[address_key, address]` where the two
   * differ. Of a known export: `[address_key, address or null, requested_at, since, reason or null, message_id or null,
   * evidence_json or null]`.
   */
  rows_json: string
}

export interface ImportRejectTable {
  import_id: number
  /** As a spreadsheet counts them: the header is row 1. */
  row_number: number
  text: string
  /** A code of `reject-reasons.ts`; without `found_json` the sentence itself, as earlier releases wrote it. */
  reason: string
  /** What was found, as an array of texts. */
  found_json: string | null
}
