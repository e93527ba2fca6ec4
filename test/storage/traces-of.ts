import { BACKUP_TABLES } from '../../src/storage/backup-tables.ts'
import type { Database } from '../../src/storage/database.ts'

/** Every row of every table in which something stands that `pattern` knows, with the table's name before it. */
export async function tracesOf(database: Database, pattern: RegExp): Promise<string[]> {
  const traces: string[] = []
  for (const { name } of BACKUP_TABLES) {
    const rows = await database.read(database.query.selectFrom(name as 'id_block').selectAll())
    for (const row of rows) {
      const cells = Object.values(row as Record<string, unknown>).map((cell) =>
        cell instanceof Uint8Array ? Buffer.from(cell).toString('latin1') : String(cell),
      )
      if (pattern.test(cells.join(' '))) traces.push(`${name}: ${cells.join(' ')}`)
    }
  }
  return traces
}
