import type { CallerEvidence, Reason } from '../../../suppression/changing/change.ts'
import type { List } from '../../../tenants/list.ts'

/** Why someone is on a list whom a caller puts there: not by a request of theirs, which the one-click export lists. */
export const REASON_OF_CALLER: Record<List['kind'], Reason> = {
  sender: 'listed',
  filter: 'listed',
  'hard-bounces': 'listed',
  complaints: 'complaint',
  blocklist: 'blocked',
}

/** How a change by the caller whom the record names came, and by whom. */
export const originOf = (
  actor: string,
): { source: ReturnType<typeof sourceOf>; evidence: CallerEvidence } => ({
  source: sourceOf(actor),
  evidence: { actor },
})

/** The way by which they came. */
export function sourceOf(actor: string): 'cli' | 'api' | 'console' {
  if (actor.startsWith('person:')) return 'console'
  return actor === 'operator' ? 'cli' : 'api'
}
