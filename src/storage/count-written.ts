import { type Compilable, type InsertQueryBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

// biome-ignore lint/suspicious/noExplicitAny: inserts into every table, returning anything
type Insert = InsertQueryBuilder<any, any, any>

/** An insert, followed by a statement that returns how many rows it wrote, without returning the rows. */
export function countWritten(
  { engine, query }: Pick<Database, 'engine' | 'query'>,
  insert: Insert,
  then: (query: Pick<Kysely<Tables>, 'updateTable'>, written: RawBuilder<number>) => Compilable,
): Compilable[] {
  if (engine === 'sqlite') return [insert, then(query, sql<number>`changes()`)]
  const counting = query.with('written', () => insert.returning(sql.lit(1).as('one')))
  return [then(counting as unknown as Kysely<Tables>, sql<number>`(select count(*) from written)`)]
}
