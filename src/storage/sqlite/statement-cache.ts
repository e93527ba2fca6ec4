import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Statement } from './protocol.ts'

const MOST = 200

/** Runs statements on a connection, keeping the most recently used ones prepared. */
export function statementRunner(connection: DatabaseSync): (statement: Statement) => unknown[] {
  const prepared = new Map<string, StatementSync>()
  return ({ sql, parameters }) => {
    let statement = prepared.get(sql)
    if (statement) {
      prepared.delete(sql)
    } else {
      statement = connection.prepare(sql)
      const oldest = prepared.keys().next()
      if (prepared.size >= MOST && !oldest.done) prepared.delete(oldest.value)
    }
    prepared.set(sql, statement)
    return statement.all(...(parameters as never[]))
  }
}
