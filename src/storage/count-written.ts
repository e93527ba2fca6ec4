import { type Compilable, type InsertQueryBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

// biome-ignore lint/suspicious/noExplicitAny: inserts into every table, returning anything
type Insert = InsertQueryBuilder<any, any, any>

/**
 * An insert, and right behind it a statement that knows how many rows it wrote, without their being handed out. On
 * PostgreSQL the insert may read what the inserts `from` return, by their names.
 */
export function countWritten(
  database: Pick<Database, 'engine' | 'query'>,
  insert: Insert,
  then: (query: Pick<Kysely<Tables>, 'updateTable'>, written: RawBuilder<number>) => Compilable,
  from: Record<string, Insert> = {},
): Compilable[] {
  if (database.engine === 'sqlite') return [insert, then(database.query, sql<number>`changes()`)]
  let { query } = database
  const written = insert.returning(sql.lit(1).as('one'))
  for (const [name, rows] of Object.entries({ ...from, written })) {
    query = query.with(name, () => rows) as unknown as Kysely<Tables>
  }
  return [then(query, sql<number>`(select count(*) from written)`)]
}
