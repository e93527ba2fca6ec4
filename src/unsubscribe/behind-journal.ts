import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { LookUp } from '../suppression/look-up.ts'

/**
 * Makes a look-up refuse while requests wait in the journal: they may be about the very recipients that are asked for,
 * and nobody is mailed before they are replayed.
 */
export function behindJournal(lookUp: LookUp, journal: { readonly pending: boolean }): LookUp {
  return async (keys) => {
    if (journal.pending) throw new DatabaseUnavailable('requests in the journal have to be replayed first')
    return lookUp(keys)
  }
}
