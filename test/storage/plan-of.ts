import { type Compilable, sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'

/** How SQLite goes about everything that `work` reads, one step a line. */
export async function planOf(
  database: Database,
  work: (spied: Database) => Promise<unknown>,
): Promise<string> {
  const steps: string[] = []
  const explain = async (statement: Compilable) => {
    const { sql: text, parameters } = statement.compile()
    const explained: Compilable<{ detail: string }> = {
      compile: () => ({
        ...sql.raw<{ detail: string }>(`explain query plan ${text}`).compile(database.query),
        parameters,
      }),
    }
    for (const { detail } of await database.read(explained)) steps.push(detail)
  }
  await work({
    ...database,
    read: async (statement) => {
      await explain(statement)
      return database.read(statement)
    },
    readCells: async (select, columns) => {
      await explain(select)
      return database.readCells(select, columns)
    },
  })
  return steps.join('\n')
}
