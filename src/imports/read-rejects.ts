import type { Database } from '../storage/database.ts'
import type { Reject } from './reading/read-file.ts'
import type { RejectCode } from './reading/reject-reasons.ts'

const ROWS_PER_PAGE = 5_000

/** The rows of an import that were skipped, in the order of the file, page by page. */
export async function* readRejects(database: Database, id: number): AsyncGenerator<Reject[]> {
  for (let after = 0; ; ) {
    const rows = await database.read(
      database.query
        .selectFrom('import_reject')
        .select(['row_number as number', 'text', 'reason', 'found_json'])
        .where('import_id', '=', id)
        .where('row_number', '>', after)
        .orderBy('row_number')
        .limit(ROWS_PER_PAGE),
    )
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(({ number, text, reason, found_json }) => ({
      number,
      text,
      reason:
        found_json === null
          ? ['other', reason]
          : [reason as RejectCode, ...(JSON.parse(found_json) as string[])],
    }))
    after = last.number
  }
}
