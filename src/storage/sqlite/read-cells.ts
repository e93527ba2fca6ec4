import type { CompiledQuery } from 'kysely'
import type { CellColumns } from '../cells.ts'
import type { Statement } from './protocol.ts'

/** A select as one that answers the cells of all rows as one JSON text, `rows`: see `Database.readCells`. */
export function cellsStatement<R>(
  { sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>,
  columns: CellColumns<R>,
): Statement {
  const cells = columns.map(([name]) => `page."${name}"`)
  return {
    sql: `select json_group_array(json_array(${cells})) as rows from (${sql}) as page`,
    parameters,
  }
}
