/** One compiled statement as it crosses to a thread. */
export interface Statement {
  sql: string
  parameters: readonly unknown[]
}

/** A task for a thread: statements that belong together, or the end. */
export type Task = { id: number; statements: Statement[] } | { id: number; close: true }

export interface Failure {
  message: string
  /** SQLite's extended result code, when SQLite failed. */
  resultCode: number | undefined
}

export type Reply = { id: number; results: unknown[][] } | { id: number; failure: Failure }

export interface ThreadOptions {
  file: string
  /** Cache of pages in KiB. */
  cacheKib: number
}

export function toFailure(error: unknown): Failure {
  const { message, errcode } = error as { message: string; errcode?: number }
  return { message, resultCode: errcode }
}
