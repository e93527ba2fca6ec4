import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { jsonArray } from '../storage/json-array.ts'
import type { Tables } from '../storage/tables.ts'

/** The state that a change replaced: with it, the change can be undone. Null stands for "was not on the list". */
export interface StateBefore {
  /** Whether the recipient was excluded at that moment, lifetime considered. */
  excluded: boolean
  active: boolean
  since: number
  requestedAt: number
  resumedAt: number | null
  removed: boolean
  expiresAt: number | null
  reason: string
  source: string
  messageId: string | null
}

/** The current state of a `suppression` row as a JSON array, to be stored with the change that replaces it. */
export function stateBeforeSql(
  database: Database,
  { ref }: Pick<ExpressionBuilder<Tables, 'suppression'>, 'ref'>,
  excluded: RawBuilder<boolean>,
): RawBuilder<string> {
  return jsonArray(database, [
    sql`case when ${excluded} then 1 else 0 end`,
    ref('suppression.active'),
    ref('suppression.since'),
    ref('suppression.requested_at'),
    ref('suppression.resumed_at'),
    ref('suppression.removed'),
    ref('suppression.expires_at'),
    ref('suppression.reason'),
    ref('suppression.source'),
    ref('suppression.message_id'),
  ])
}

export function readStateBefore(text: string | null): StateBefore | null {
  if (text === null) return null
  const [excluded, active, since, requestedAt, resumedAt, removed, expiresAt, reason, source, messageId] =
    JSON.parse(text)
  return {
    excluded: excluded === 1,
    active: active === 1,
    since,
    requestedAt,
    resumedAt,
    removed: removed === 1,
    expiresAt,
    reason,
    source,
    messageId,
  }
}
