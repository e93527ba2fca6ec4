import type { Clock } from '../kernel/clock.ts'
import type { Database } from './database.ts'
import { DatabaseUnavailable } from './database-errors.ts'

export interface WatchedDatabase {
  database: Database
  /** When a call last failed because the database was away. */
  lastAway(): number | undefined
}

/** The same database, remembering when it was last found away. */
export function watchOutages(database: Database, clock: Clock): WatchedDatabase {
  let last: number | undefined
  const watched = <T>(work: Promise<T>): Promise<T> => {
    work.catch((error) => {
      if (error instanceof DatabaseUnavailable) last = clock()
    })
    return work
  }
  return {
    database: {
      ...database,
      read: (statement) => watched(database.read(statement)),
      readCells: (select, columns) => watched(database.readCells(select, columns)),
      transact: (statements, commit) => watched(database.transact(statements, commit)),
      snapshot: (work) => watched(database.snapshot(work)),
    },
    lastAway: () => last,
  }
}
