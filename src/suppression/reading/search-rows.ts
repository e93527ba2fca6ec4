import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'
import type { List } from '../../tenants/list.ts'
import { excludesSql } from '../deciding/standing.ts'
import type { SuppressionState } from '../deciding/suppression-state.ts'

export interface SuppressionSearch {
  lists: readonly Pick<List, 'id'>[]
  addressKey?: string | undefined
  /** Part of the address, ignoring case. */
  contains?: string | undefined
  state?: SuppressionState | undefined
  /** The period of the latest request, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
  now: number
  /** The `next` of the page before. */
  cursor?: string | undefined
  limit: number
}

const COLUMNS = [
  'suppression.address_key',
  'suppression.list_id',
  'suppression.address',
  'suppression.active',
  'suppression.since',
  'suppression.requested_at',
  'suppression.expires_at',
  'suppression.reason',
  'suppression.source',
  'suppression.message_id',
] as const

/** Selects rows of everybody who is or was on a list, as searches show them. */
export function readable({ query }: Pick<Database, 'query'>) {
  return query
    .selectFrom('suppression')
    .select(COLUMNS)
    .select(({ selectFrom, ref }) =>
      selectFrom('list').select('lifetime_ms').where('id', '=', ref('suppression.list_id')).as('lifetime_ms'),
    )
    .where('suppression.removed', '=', 0)
}

export type FoundRow = Awaited<ReturnType<ReturnType<typeof readable>['execute']>>[number]

/** Whether a row excludes is decided by `excludesSql`, as everywhere: a stored flag does not know what has expired. */
export function inState(
  eb: ExpressionBuilder<Tables, 'suppression'>,
  { state, now }: Pick<SuppressionSearch, 'state' | 'now'>,
): RawBuilder<boolean> {
  const active = eb.ref('suppression.active')
  const excluded = excludesSql(eb, sql`${now}`)
  switch (state) {
    case 'active':
      return excluded
    case 'expired':
      return sql`(${active} = 1 and not ${excluded})`
    case 'resumed':
      return sql`${active} = 0`
    default:
      return sql`1 = 1`
  }
}
