import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/** A JSON array of the values, as text. */
export function jsonArray(
  database: Pick<Database, 'engine'>,
  values: readonly Expression<unknown>[],
): RawBuilder<string> {
  return database.engine === 'sqlite'
    ? sql<string>`json_array(${sql.join(values)})`
    : sql<string>`json_build_array(${sql.join(values)})::text`
}
