import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { SuppressionState } from './suppression-state.ts'

/** A recipient's row on one list, as far as it matters for the decision. */
export interface Standing {
  listId: number
  active: boolean
  since: number
  requestedAt: number
  /** The row's own end, which overrides the list's lifetime. */
  expiresAt: number | null
  /** The list's present lifetime; null means for ever. */
  lifetimeMs: number | null
  reason: string
}

/**
 * When the row stops excluding by itself; null means never. Computed at each look-up, so that a changed lifetime takes
 * effect at once and no job has to run for it to be right.
 */
export function endOf(standing: Pick<Standing, 'requestedAt' | 'expiresAt' | 'lifetimeMs'>): number | null {
  if (standing.expiresAt !== null) return standing.expiresAt
  return standing.lifetimeMs === null ? null : standing.requestedAt + standing.lifetimeMs
}

/** True when the row excludes at this moment. */
export function excludes(standing: Omit<Standing, 'listId' | 'reason' | 'since'>, now: number): boolean {
  const end = endOf(standing)
  return standing.active && (end === null || end > now)
}

export function stateOf(standing: Parameters<typeof excludes>[0], now: number): SuppressionState {
  if (excludes(standing, now)) return 'active'
  return standing.active ? 'expired' : 'resumed'
}

/** `excludes` in SQL, over a `suppression` row. The list's lifetime is looked up unless it is given. */
export function excludesSql(
  { ref }: Pick<ExpressionBuilder<Tables, 'suppression'>, 'ref'>,
  now: RawBuilder<number>,
  lifetime: RawBuilder<unknown> = sql`(select lifetime_ms from list where list.id = ${ref('suppression.list_id')})`,
): RawBuilder<boolean> {
  const end = sql`coalesce(${ref('suppression.expires_at')}, ${ref('suppression.requested_at')} + ${lifetime})`
  return sql<boolean>`(${ref('suppression.active')} = 1 and coalesce(${end} > ${now}, 1 = 1))`
}
