import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { type PurgeOptions, purgePages } from '../storage/purge-pages.ts'

interface OldEntry {
  id: number
  at: number
}

/** Removes entries of the record that were made before a moment, the oldest first. Answers how many went. */
export function purgeAudit(database: Database, before: number, options: PurgeOptions = {}): Promise<number> {
  return purgePages<OldEntry>(options, {
    find: (after, most) => database.read(oldEntries(database, before, after).limit(most)),
    remove: (rows) => remove(database, rows),
  })
}

function oldEntries({ query }: Database, before: number, after: OldEntry | undefined) {
  const rows = query.selectFrom('audit_entry').select(['id', 'at']).where('at', '<', before)
  const further = after ? rows.where(sql<boolean>`(at, id) > (${after.at}, ${after.id})`) : rows
  return further.orderBy('at').orderBy('id')
}

async function remove({ query, transact }: Database, rows: readonly OldEntry[]): Promise<number> {
  const ids = rows.map(({ id }) => id)
  const [gone] = await transact([query.deleteFrom('audit_entry').where('id', 'in', ids).returning('id')])
  return gone.length
}
