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
 * The elements of a JSON array that is stored as text, one a row, each in the column `value`; to stand in a `from`. By way
 * of an array PostgreSQL expects ten of them, as of any row set, and seeks from each; a hundred would let it read a whole
 * table that is still small, with a plan that stays when the table grows.
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

/** An element of a JSON array that is stored as text; null when there is none. */
export function jsonElement<T extends string | number>(
  database: Pick<Database, 'engine'>,
  text: Expression<unknown>,
  index: number,
  kind: T extends string ? 'text' : 'bigint',
): RawBuilder<T> {
  const array = database.engine === 'sqlite' ? text : sql`${text}::json`
  return sql<T>`cast(${array} ->> ${sql.lit(index)} as ${sql.raw(kind)})`
}
