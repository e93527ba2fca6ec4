import type { Clock } from '../kernel/clock.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { LookUp } from '../suppression/deciding/look-up.ts'

/** Long enough for every process to replay its journal (see replay-journal.ts) after the database came back. */
const QUIET_MS = 3_000

export interface BehindJournalParts {
  lookUp: LookUp
  journal: { readonly pending: boolean }
  clock: Clock
  /** When this process last found the database away; undefined when it never did. */
  lastAway(): number | undefined
}

/**
 * Makes look-ups reject while requests wait in a journal: they may be about the very recipients asked about, and nobody
 * may be mailed before they are replayed. A process knows about its own journal; after an outage it gives other
 * processes a moment for theirs.
 */
export function behindJournal({ lookUp, journal, clock, lastAway }: BehindJournalParts): LookUp {
  return async (keys, siteId) => {
    if (journal.pending) throw new DatabaseUnavailable('requests in the journal have to be replayed first')
    const away = lastAway()
    if (away !== undefined && Math.abs(clock() - away) < QUIET_MS) {
      throw new DatabaseUnavailable('the database has just come back: other processes replay their journals')
    }
    return lookUp(keys, siteId)
  }
}
