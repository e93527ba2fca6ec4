import type { Compilable, Kysely } from 'kysely'
import type { CellColumns, Cells } from './cells.ts'
import type { Tables } from './tables.ts'

export type EngineName = 'sqlite' | 'postgres'

export type DatabaseTarget = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string }

/** Reads rows. Each call is one statement on whatever connection or thread is free. */
export interface Reader {
  read<R>(statement: Compilable<R>): Promise<R[]>
}

/** The rows that each statement of a transaction returned, in order. */
export type Results<S extends readonly Compilable[]> = {
  [K in keyof S]: S[K] extends Compilable<infer R> ? R[] : never
}

/**
 * With `flush: 'later'` a commit is on disk only once a later one is. A crash of the machine before that undoes it,
 * together with whatever came after it: for work that is resumed where it was left.
 */
export interface Commit {
  flush: 'now' | 'later'
}

/**
 * One database, whichever engine it is. `query` builds statements and never runs them; `read` and `transact` run them.
 * A transaction is a list of statements, handed over whole: there is no round trip to this process between them, so a
 * slow caller never holds up the one SQLite writer. Rejects with DatabaseUnavailable when the engine cannot be reached
 * or the disk refuses, and with UniqueViolation when a key is taken; nothing is written then.
 */
export interface Database extends Reader {
  readonly engine: EngineName
  readonly query: Kysely<Tables>
  /** How many transactions are waiting or under way at this moment. */
  waiting(): number
  /**
   * Reads a whole page of rows at once, each as its cells in the order of `columns`: drivers that convert every cell by
   * itself take several times as long.
   */
  readCells<R, const C extends CellColumns<R>>(select: Compilable<R>, columns: C): Promise<Cells<R, C>[]>
  /** Runs the statements in order as one transaction; resolved means committed and on disk, or as `Commit` says. */
  transact<const S extends readonly Compilable[]>(statements: S, commit?: Commit): Promise<Results<S>>
  /** Everything that `work` reads is from one moment. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  close(): Promise<void>
}
