import { excludes, type Standing } from './standing.ts'

export type Decision = { deliver: true } | { deliver: false; listId: number; reason: string; since: number }

/**
 * The one rule: a recipient who is actively on any list that applies to this mail is excluded. `applicable` are the ids
 * of those lists; the first of them that excludes is named as the reason.
 */
export function decide(standings: readonly Standing[], applicable: readonly number[], now: number): Decision {
  for (const listId of applicable) {
    const standing = standings.find((row) => row.listId === listId)
    if (standing && excludes(standing, now)) {
      return { deliver: false, listId, reason: standing.reason, since: standing.since }
    }
  }
  return { deliver: true }
}
