import { createHash } from 'node:crypto'
import { DomainError } from './domain-error.ts'

/**
 * Names what something is like at the moment: the same for as long as nothing of it changes, whoever looks, without anything
 * being kept for it. Of JSON; the order of keys does not count.
 */
export function revisionOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('base64url').slice(0, 22)
}

/**
 * Holds a change to what its author saw: throws DomainError `changed-meanwhile` when `seen` is another revision than that of
 * what is there now. Who names none changes whatever there is. To be asked within the loop that compares and swaps.
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
