import { type AliasableExpression, type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

type Cells<R, C extends readonly (keyof R)[]> = { [I in keyof C]: R[C[I]] }

/**
 * The rows of a select, each as its cells in the order of `columns`, which hold text, integers or null. They come as one text:
 * for a whole page a driver takes several times as long, since it makes a value of every cell on its own.
 */
export async function readCells<R, const C extends readonly (keyof R & string)[]>(
  database: Pick<Database, 'engine' | 'query' | 'read'>,
  select: AliasableExpression<R>,
  columns: C,
): Promise<Cells<R, C>[]> {
  const cells = sql.join(columns.map((name) => sql.ref(`page.${name}`)))
  const rows: RawBuilder<string | null> =
    database.engine === 'sqlite'
      ? sql`json_group_array(json_array(${cells}))`
      : sql`json_agg(json_build_array(${cells}))::text`
  const page = database.query.selectFrom(select.as('page')).select(rows.as('rows'))
  const [found] = await database.read(page)
  // PostgreSQL makes no array of no rows.
  return JSON.parse(found?.rows ?? '[]')
}
