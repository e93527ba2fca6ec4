import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { jsonArray, jsonElement } from '../../storage/json-array.ts'
import type { Tables } from '../../storage/tables.ts'

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

/** The parts of the state, in the order of the array that it is stored as. */
const PARTS = [
  'excluded',
  'active',
  'since',
  'requestedAt',
  'resumedAt',
  'removed',
  'expiresAt',
  'reason',
  'source',
  'messageId',
] as const satisfies (keyof StateBefore)[]

type Part = (typeof PARTS)[number]

/** SQL for the current state of a `suppression` row as a JSON array, to be stored with the change that replaces it. */
export function stateBeforeSql(
  database: Database,
  { ref }: Pick<ExpressionBuilder<Tables, 'suppression'>, 'ref'>,
  excluded: RawBuilder<boolean>,
): RawBuilder<string> {
  const parts: Record<Part, Parameters<typeof jsonArray>[1][number]> = {
    excluded: sql`case when ${excluded} then 1 else 0 end`,
    active: ref('suppression.active'),
    since: ref('suppression.since'),
    requestedAt: ref('suppression.requested_at'),
    resumedAt: ref('suppression.resumed_at'),
    removed: ref('suppression.removed'),
    expiresAt: ref('suppression.expires_at'),
    reason: ref('suppression.reason'),
    source: ref('suppression.source'),
    messageId: ref('suppression.message_id'),
  }
  return jsonArray(
    database,
    PARTS.map((part) => parts[part]),
  )
}

/**
 * SQL for one part of the state held by an event `e`, flags as 0 and 1; null when the recipient was not on the list.
 */
export function partBeforeSql<T extends string | number>(
  database: Database,
  part: Part,
  kind: T extends string ? 'text' : 'bigint',
): RawBuilder<T> {
  return jsonElement<T>(database, sql.ref('e.before'), PARTS.indexOf(part), kind)
}

/** The reverse of `stateBeforeSql`. */
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
