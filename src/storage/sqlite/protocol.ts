import type { Commit } from '../database.ts'

/** One compiled statement as it crosses to a thread. */
export interface Statement {
  sql: string
  parameters: readonly unknown[]
}

/**
 * What a statement found, column by column. As objects, rows would each carry the names of their columns, which makes
 * them twice as expensive to read and three times as expensive to send.
 */
export interface Table {
  columns: readonly string[]
  /** For each column its values, in the order of the rows. */
  values: unknown[][]
}

/** A task for a thread: statements that belong together, or the end. */
export type Task =
  | { id: number; statements: Statement[]; flush: Commit['flush'] }
  | { id: number; close: true }

export interface Failure {
  message: string
  /** SQLite's extended result code, when SQLite failed. */
  resultCode: number | undefined
}

export type Reply = { id: number; results: Table[] } | { id: number; failure: Failure }

export interface ThreadOptions {
  file: string
  /** Cache of pages in KiB. */
  cacheKib: number
}

export interface CheckpointOptions extends ThreadOptions {
  /**
   * The open file itself. Who closes it gives up every lock that the process has on it
   * (https://www.sqlite.org/howtocorrupt.html, 2.2).
   */
  database: number
  /** A process that had the file died. */
  wasAbandoned: boolean
  /** How long what was deleted may be found in the files. */
  clearEveryMs: number | undefined
}

export function toRows({ columns, values }: Table): object[] {
  const count = values[0]?.length ?? 0
  return Array.from({ length: count }, (_, at) => {
    const row: Record<string, unknown> = {}
    for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index]?.[at]
    return row
  })
}

export function toFailure(error: unknown): Failure {
  const { message, errcode } = error as { message: string; errcode?: number }
  return { message, resultCode: errcode }
}
