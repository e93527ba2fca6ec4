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

/**
 * The elements of a JSON array that is stored as text, one per row in the column `value`, for use in a `from`. It goes
 * through an array, of which PostgreSQL expects ten rows, as of any row set, and so seeks from each; an estimate of a
 * hundred would have it scan a table that is still small, by a plan that stays when the table grows.
 */
export function jsonElements(
  database: Pick<Database, 'engine'>,
  text: Expression<string>,
  alias: string,
): RawBuilder<unknown> {
  const name = sql.ref(alias)
  return database.engine === 'sqlite'
    ? sql`json_each(${text}) as ${name}`
    : sql`unnest(array(select jsonb_array_elements(${text}::jsonb))) as ${name}(value)`
}

/** One element of a JSON array that is stored as text; null when there is none at that index. */
export function jsonElement<T extends string | number>(
  database: Pick<Database, 'engine'>,
  text: Expression<unknown>,
  index: number,
  kind: T extends string ? 'text' : 'bigint',
): RawBuilder<T> {
  const array = database.engine === 'sqlite' ? text : sql`${text}::json`
  return sql<T>`cast(${array} ->> ${sql.lit(index)} as ${sql.raw(kind)})`
}
