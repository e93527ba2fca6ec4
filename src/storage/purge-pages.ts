import { inGroups } from '../kernel/in-groups.ts'

export interface PurgeOptions {
  /** How many rows are looked at, and removed at most, per commit. */
  batch?: number | undefined
  /** Ends the work between two commits. */
  signal?: AbortSignal | undefined
}

interface Purge<R> {
  /** Reads rows that may have to go, after the given one. */
  find(after: R | undefined, most: number): Promise<R[]>
  /** Whether a row is to go; all of them are unless given. */
  isDoomed?: (row: R) => boolean
  /** For rows that may be large. */
  bytesOf?: (row: R) => number
  /** Removes them in one commit and answers how many went. */
  remove(rows: readonly R[]): Promise<number>
}

const MOST_ROWS_PER_COMMIT = 500
const MOST_BYTES_PER_COMMIT = 8 * 1024 * 1024

/**
 * Finds rows by reading, which holds nobody up, and removes them in commits that are small in rows and bytes, so that
 * requests can go in between. Answers how many rows were removed.
 */
export async function purgePages<R>(
  { batch = MOST_ROWS_PER_COMMIT, signal }: PurgeOptions,
  { find, isDoomed = () => true, bytesOf = () => 0, remove }: Purge<R>,
): Promise<number> {
  let removed = 0
  let after: R | undefined
  while (!signal?.aborted) {
    const found = await find(after, batch)
    for (const rows of inGroups(found.filter(isDoomed), bytesOf, MOST_BYTES_PER_COMMIT)) {
      if (signal?.aborted) return removed
      removed += await remove(rows)
    }
    if (found.length < batch) return removed
    after = found.at(-1)
  }
  return removed
}
