import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'

export type Key = Readonly<Record<string, string | number | null>>

/** Part of a table by its key: after one row, up to another one or to the end. */
export interface Page {
  after: Key | undefined
  last: Key | undefined
}

/** The pages of a table in the order of its key. No statement that reads one holds anything up for long. */
export async function* pagesOf(
  database: Database,
  { table, key, rows }: { table: keyof Tables; key: readonly string[]; rows: number },
): AsyncGenerator<Page> {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  for (let after: Key | undefined; ; ) {
    const select = sql<Key>`select ${columns} from ${sql.table(table)} where ${within(key, { after, last: undefined })}
      order by ${columns} limit 1 offset ${sql.lit(rows - 1)}`
    const [last] = await database.read({ compile: () => select.compile(database.query) })
    yield { after, last }
    if (!last) return
    after = last
  }
}

/** Whether a row lies in the page. */
export function within(key: readonly string[], { after, last }: Page): RawBuilder<boolean> {
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const bounds = [
    after && sql`(${columns}) > (${sql.join(key.map((column) => after[column]))})`,
    last && sql`(${columns}) <= (${sql.join(key.map((column) => last[column]))})`,
  ].filter((bound) => bound !== undefined)
  return bounds.length === 0 ? sql`1 = 1` : sql`${sql.join(bounds, sql` and `)}`
}
