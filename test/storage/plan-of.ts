import { type Compilable, sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'

/** How SQLite goes about everything that `work` reads, one step a line. */
export async function planOf(
  database: Database,
  work: (spied: Database) => Promise<unknown>,
): Promise<string> {
  const steps: string[] = []
  const read: Database['read'] = async (statement) => {
    const { sql: text, parameters } = statement.compile()
    const explained: Compilable<{ detail: string }> = {
      compile: () => ({
        ...sql.raw<{ detail: string }>(`explain query plan ${text}`).compile(database.query),
        parameters,
      }),
    }
    for (const { detail } of await database.read(explained)) steps.push(detail)
    return database.read(statement)
  }
  await work({ ...database, read })
  return steps.join('\n')
}
