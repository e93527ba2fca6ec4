import type { Database } from '../storage/database.ts'

const MOST_PER_COMMIT = 1_000

/** Removes entries of the record that were made before a moment, the oldest first. Answers how many went. */
export async function purgeAudit(
  database: Database,
  before: number,
  { batch = MOST_PER_COMMIT, signal }: { batch?: number; signal?: AbortSignal } = {},
): Promise<number> {
  const { query } = database
  let removed = 0
  for (;;) {
    if (signal?.aborted) return removed
    const old = query
      .selectFrom('audit_entry')
      .select('id')
      .where('at', '<', before)
      .orderBy('at')
      .orderBy('id')
      .limit(batch)
    const ids = (await database.read(old)).map(({ id }) => id)
    if (ids.length === 0) return removed
    const [gone] = await database.transact([
      query.deleteFrom('audit_entry').where('id', 'in', ids).returning('id'),
    ])
    removed += gone.length
    if (ids.length < batch) return removed
  }
}
