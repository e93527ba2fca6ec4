import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { releaseLeases, takeLeases } from '../jobs/leases.ts'
import { createBatcher } from '../kernel/batcher.ts'
import type { Clock } from '../kernel/clock.ts'
import { BUCKETS } from '../messages/bucket.ts'
import { type AttemptResult, claimDue, recoverBuckets, settleAttempts } from '../messages/outbox-store.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { MessageTable } from '../storage/tables.ts'

export interface Outbox {
  /** Looks for due messages now instead of at the next turn. */
  wake(): void
  /** Takes no more, waits 20 seconds for what is under way and gives the leases back. */
  stop(): Promise<void>
}

export interface OutboxParts {
  database: Database
  clock: Clock
  attempt(messages: readonly MessageTable[], settle: (result: AttemptResult) => void): Promise<void>
  onError(error: unknown): void
}

const LEASE_MS = 30_000
const IDLE_MS = 1_000
const RETRY_MS = 500
/** A relay may take ten minutes to answer; a stop may not. */
const STOP_WITHIN_MS = 20_000
const MOST_PER_CLAIM = 200
const MOST_UNDER_WAY = 400
const MOST_PER_SETTLEMENT = 1_000

/**
 * Sends what is due from the buckets that this process leases. An attempt is written before it is made and its result
 * after it; between the relay's 250 and that commit lies the one gap in which a crash can send a message twice.
 */
export function startOutbox({ database, clock, attempt, onError }: OutboxParts): Outbox {
  const owner = randomUUID()
  const names = Array.from({ length: BUCKETS }, (_, bucket) => leaseName(bucket))
  const stopping = new AbortController()
  let epochs = new Map<number, number>()
  let leasedUntil = 0
  // After an outage everyone's leases have lapsed: whose they were may still hold results of what was sent.
  let renewOnlyUntil = 0
  let underWay = 0
  let full = false
  let woken = false
  let wakeUp = () => {}

  const settler = createBatcher<AttemptResult, void>({
    mostItems: MOST_PER_SETTLEMENT,
    // One result that cannot be written must not take others with it: their mail would go out twice.
    isShared: () => false,
    run: async (results) => {
      await untilAvailable(() => settleAttempts(database, results, clock()))
      return results.map(() => undefined)
    },
  })
  const settle = (result: AttemptResult) => {
    settler.add(result).catch(onError).finally(done)
  }
  const done = () => {
    underWay--
    if (full && underWay <= MOST_UNDER_WAY - MOST_PER_CLAIM) wake()
  }
  const wake = () => {
    woken = true
    wakeUp()
  }

  const renewLeases = async () => {
    if (clock() < leasedUntil - LEASE_MS / 2) return
    const now = clock()
    const renewOnly = now < renewOnlyUntil
    const leases = await takeLeases(database, names, { owner, now, lifetimeMs: LEASE_MS, renewOnly })
    epochs = new Map(leases.map(({ name, epoch }) => [bucketOfLease(name), epoch]))
    const fresh = leases.filter((lease) => lease.fresh)
    await recoverBuckets(database, new Map(fresh.map(({ name, epoch }) => [bucketOfLease(name), epoch])), now)
    leasedUntil = now + LEASE_MS
  }

  const turn = async (): Promise<boolean> => {
    await renewLeases()
    full = underWay > MOST_UNDER_WAY - MOST_PER_CLAIM
    if (full || epochs.size === 0) return false
    const claimed = await claimDue(database, epochs, { now: clock(), most: MOST_PER_CLAIM })
    underWay += claimed.length
    attempt(claimed, settle).catch(onError)
    return claimed.length === MOST_PER_CLAIM
  }

  const run = async () => {
    while (!stopping.signal.aborted) {
      let more = false
      try {
        more = await turn()
      } catch (error) {
        if (error instanceof DatabaseUnavailable) renewOnlyUntil = clock() + LEASE_MS
        else onError(error)
        await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {})
      }
      if (more || woken || stopping.signal.aborted) {
        woken = false
        continue
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, IDLE_MS)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = run()

  return {
    wake,
    stop: async () => {
      stopping.abort()
      wake()
      await running
      const until = performance.now() + STOP_WITHIN_MS
      while (underWay > 0 && performance.now() < until) await sleep(10)
      // A relay that stalls keeps its buckets until their leases lapse: nobody else may try its messages before.
      if (underWay === 0) await releaseLeases(database, owner).catch(onError)
    },
  }
}

async function untilAvailable(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      await sleep(RETRY_MS)
    }
  }
}

function leaseName(bucket: number): string {
  return `bucket ${bucket}`
}

function bucketOfLease(name: string): number {
  return Number(name.slice('bucket '.length))
}
