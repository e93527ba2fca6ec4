import { createHash } from 'node:crypto'
import { DomainError } from './domain-error.ts'

/**
 * Stands for the present content of something: the same for as long as nothing in it changes, whoever asks, without
 * anything being stored for it. `content` is JSON; the order of keys does not matter.
 */
export function revisionOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('base64url').slice(0, 22)
}

/**
 * Holds a change to what its author saw: throws DomainError `changed-meanwhile` when `seen` differs from the current
 * revision. A change without `seen` applies to whatever is there. To be called inside the loop that compares and swaps.
 */
export function requireRevision(seen: string | undefined, current: string): void {
  if (seen === undefined || seen === current) return
  throw new DomainError('changed-meanwhile', 'somebody else changed it meanwhile: read it again', {
    field: 'revision',
  })
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
