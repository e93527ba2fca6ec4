import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/** A JSON object that is stored as text, with these members set; the others stay. No member may be null. */
export function withMembers(
  database: Pick<Database, 'engine'>,
  text: Expression<string>,
  members: Readonly<Record<string, string | number | boolean>>,
): RawBuilder<string> {
  const set = JSON.stringify(members)
  return database.engine === 'sqlite'
    ? sql<string>`json_patch(${text}, ${set})`
    : sql<string>`(${text}::jsonb || cast(${set} as jsonb))::text`
}
