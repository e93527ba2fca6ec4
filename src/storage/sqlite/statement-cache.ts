import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Statement, Table } from './protocol.ts'

const MOST = 200
const NOTHING: Table = { columns: [], values: [] }

/** Runs statements on a connection, keeping the most recently used ones prepared. */
export function statementRunner(connection: DatabaseSync): (statement: Statement) => Table {
  const prepared = new Map<string, StatementSync>()
  return ({ sql, parameters }) => {
    let statement = prepared.get(sql)
    if (statement) {
      prepared.delete(sql)
    } else {
      statement = connection.prepare(sql)
      statement.setReturnArrays(true)
      const oldest = prepared.keys().next()
      if (prepared.size >= MOST && !oldest.done) prepared.delete(oldest.value)
    }
    prepared.set(sql, statement)
    const rows = statement.all(...(parameters as never[])) as never as unknown[][]
    if (rows.length === 0) return NOTHING
    // Asked each time: a migration may change what `*` stands for.
    return byColumn(
      statement.columns().map(({ name }) => name),
      rows,
    )
  }
}

function byColumn(columns: string[], rows: unknown[][]): Table {
  return { columns, values: columns.map((_, index) => rows.map((row) => row[index])) }
}
