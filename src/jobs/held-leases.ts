import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { releaseLeases, takeLeases } from './leases.ts'

/** Leases of one worker, for work that takes longer than one of them lasts. */
export interface HeldLeases {
  /** Whether the lease is ours: taken, or renewed in time. To be asked again and again while the work goes on. */
  hold(name: string): Promise<boolean>
  /** Gives all of them back. */
  release(): Promise<void>
}

const LEASE_MS = 10_000
const RENEW_MS = 3_000

/** Renews what it holds every 3 seconds rather than whenever it is asked. */
export function heldLeases(database: Database, clock: Clock, owner: string): HeldLeases {
  const until = new Map<string, number>()
  return {
    hold: async (name) => {
      const now = clock()
      const end = until.get(name) ?? 0
      // A clock that was put back says nothing of when others take it to have lapsed.
      if (now < end && end <= now + RENEW_MS) return true
      const taken = await takeLeases(database, [name], { owner, now, lifetimeMs: LEASE_MS })
      if (taken.length === 0) until.delete(name)
      else until.set(name, now + RENEW_MS)
      return taken.length > 0
    },
    release: () => {
      until.clear()
      return releaseLeases(database, owner)
    },
  }
}
