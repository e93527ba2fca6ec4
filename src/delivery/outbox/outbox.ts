import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { releaseLeases } from '../../jobs/leases.ts'
import { takeShare } from '../../jobs/shares.ts'
import { deliveryStates } from '../../messages/delivery-store.ts'
import { BUCKETS } from '../../messages/sending/bucket.ts'
import { createClaims } from '../../messages/sending/claim-due.ts'
import { recoverBuckets } from '../../messages/sending/recover-buckets.ts'
import { type AttemptResult, createSettleAttempts } from '../../messages/sending/settle-attempts.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import type { Journal } from '../../storage/journal.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { createCarry } from './carry.ts'
import { createDailyCaps } from './daily-cap.ts'
import { createDispatch, type DispatchParts } from './dispatch.ts'
import type { HandOff } from './hand-off.ts'
import { createPacer } from './pace.ts'
import type { Attempt, PlanParts } from './plan-attempts.ts'
import { putterBack } from './put-back-after.ts'
import { createRefusalStatements } from './refusal-statements.ts'
import { createResultWriter } from './write-results.ts'

export interface Outbox extends HandOff {
  /** Takes nothing more, waits up to 20 seconds for what is under way and gives the leases back. */
  stop(): Promise<void>
}

export type OutboxParts = PlanParts &
  Omit<DispatchParts, 'pacer' | 'caps' | 'isHeld' | 'settle' | 'putBackAfter' | 'stateOf'> & {
    /** Where results wait while the database is away. */
    results: Journal<AttemptResult>
    erased: Pick<ErasedPeople, 'replace' | 'without'>
    onError(error: unknown): void
  }

const GROUP = 'outbox'
const LEASE_MS = 30_000
/** A worker that comes or goes is noticed by the others within this time. */
const RENEW_MS = 5_000
/** Handing over may take a while, so none is begun on a lease that is about to end. */
const LEASE_MARGIN_MS = 2_000
const IDLE_MS = 1_000
/** After this long, an attempt that is written as begun but not being made here is an orphan. */
const ORPHANED_MS = 30_000
const RETRY_MS = 500
/** A relay may take ten minutes to answer; a stop may not. */
const STOP_WITHIN_MS = 20_000
const MOST_PLACES_PER_CLAIM = 8
const MOST_PER_PLACE = 50
const MOST_UNDER_WAY = 1_000
/** This much of the room is kept for claimed messages, so that hand-offs never starve what waits. */
const KEPT_FOR_CLAIMS = 400

/**
 * Sends what is due in the buckets that this process leases, and what is handed off on acceptance. An attempt is
 * written before it is made and its result after it; between the relay's 250 and that commit lies the one gap in which
 * a crash can send a message twice.
 */
export function startOutbox(parts: OutboxParts): Outbox {
  const { database, clock, onError } = parts
  const owner = randomUUID()
  const names = Array.from({ length: BUCKETS }, (_, bucket) => leaseName(bucket))
  const claims = createClaims(database)
  const writer = createResultWriter({
    ...parts,
    settle: createSettleAttempts(
      database,
      createRefusalStatements({ database, erased: parts.erased }),
      parts.erased,
    ),
    journal: parts.results,
  })
  const stopping = new AbortController()
  /** The epoch of each bucket whose lease is ours; `open` are those in which something new may be begun. */
  let epochs = new Map<number, number>()
  let open = new Map<number, number>()
  // Before the one as after the other nothing is held: others go by clocks that were not put back.
  let leasedFrom = 0
  let leasedUntil = 0
  let renewAt = 0
  // After an outage everyone's leases have lapsed, and a former holder may still have results of what it sent.
  let renewOnlyUntil = 0
  /**
   * How many attempts are under way, by bucket and id: a message may be claimed again before its last result is known
   * to be written.
   */
  const underWay = new Map<number, Map<number, number>>()
  let count = 0
  let full = false
  let woken = false
  let wakeUp = () => {}

  const wake = () => {
    woken = true
    wakeUp()
  }
  const begin = (messages: readonly Pick<MessageTable, 'bucket' | 'id'>[]) => {
    count += messages.length
    for (const { bucket, id } of messages) {
      const own = underWay.get(bucket) ?? new Map<number, number>()
      underWay.set(bucket, own.set(id, (own.get(id) ?? 0) + 1))
    }
  }
  const end = ({ bucket, id }: Pick<MessageTable, 'bucket' | 'id'>) => {
    count--
    const own = underWay.get(bucket)
    const attempts = own?.get(id) ?? 0
    if (attempts > 1) own?.set(id, attempts - 1)
    else own?.delete(id)
    if (full && count <= MOST_UNDER_WAY - KEPT_FOR_CLAIMS) wake()
  }

  const settle = (result: AttemptResult) =>
    writer.write(result).then(
      () => end(result),
      (error) => {
        onError(error)
        // What became of it is known but could not be written: it stays under way, lest it be sent again.
        count--
      },
    )
  const putBackAfter = putterBack({ clock, onError })

  const share = () => Math.max(1, open.size) / BUCKETS
  const isLeased = (marginMs = 0) => leasedFrom <= clock() && clock() < leasedUntil - marginMs
  const dispatch = createDispatch({
    ...parts,
    stateOf: deliveryStates(database),
    pacer: createPacer(share),
    caps: createDailyCaps(database, share),
    isHeld: ({ bucket, epoch }) => epochs.get(bucket) === epoch && isLeased(),
    settle,
    putBackAfter,
  })
  const carry = createCarry({ ...parts, dispatch, settle, putBackAfter })

  const renewLeases = async () => {
    const now = clock()
    if (isLeased() && now < renewAt) return
    renewOnlyUntil = Math.min(renewOnlyUntil, now + LEASE_MS)
    const terms = { owner, now, lifetimeMs: LEASE_MS, renewOnly: now < renewOnlyUntil }
    const isBusy = (name: string) => (underWay.get(bucketOfLease(name))?.size ?? 0) > 0
    const { held, leaving } = await takeShare(database, GROUP, names, { ...terms, isBusy })
    open = new Map(held.map(({ name, epoch }) => [bucketOfLease(name), epoch]))
    epochs = new Map([...held, ...leaving].map(({ name, epoch }) => [bucketOfLease(name), epoch]))
    // Done every time: an attempt may have been written under a lease that was lost at that very moment, or without our
    // hearing of it.
    const kept = [...underWay.values()].flatMap((own) => [...own.keys()])
    await recoverBuckets(database, epochs, { now, kept, orphanedBefore: now - ORPHANED_MS })
    leasedFrom = now
    leasedUntil = now + LEASE_MS - LEASE_MARGIN_MS
    renewAt = now + RENEW_MS
  }

  const turn = async (): Promise<boolean> => {
    // Replayed before a lease is taken, since whoever takes one over gives unfinished attempts back to the queue.
    if (leasedUntil === 0) await writer.replay()
    await renewLeases()
    full = count > MOST_UNDER_WAY - KEPT_FOR_CLAIMS
    if (full || open.size === 0 || dispatch.blockedUntil() > clock()) return false
    const due = await claims.findDue(open.keys(), clock())
    const places = due.slice(0, MOST_PLACES_PER_CLAIM)
    const claimed =
      places.length > 0 ? await claims.claim(places, open, { now: clock(), most: MOST_PER_PLACE }) : []
    begin(claimed)
    carry(claimed).catch(onError)
    return claimed.length > 0
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
    take: (wanted) => {
      const isFull = count + wanted > MOST_UNDER_WAY - KEPT_FOR_CLAIMS
      if (
        stopping.signal.aborted ||
        !isLeased(LEASE_MARGIN_MS) ||
        isFull ||
        dispatch.blockedUntil() > clock()
      )
        return undefined
      const held = open
      let attempts: readonly Attempt[] = []
      count += wanted
      return {
        epochOf: (bucket) => held.get(bucket),
        hold: (given) => {
          attempts = given
          count -= wanted
          begin(attempts.map(({ message }) => message))
        },
        begin: () => {
          for (const attempt of attempts) dispatch.send(attempt).catch(onError)
        },
        release: () => {
          for (const { message } of attempts) end(message)
        },
      }
    },
    stop: async () => {
      stopping.abort()
      wake()
      await running
      const until = performance.now() + STOP_WITHIN_MS
      while (count > 0 && performance.now() < until) await sleep(10)
      // Buckets with messages at a stalled relay are kept until their leases lapse: nobody else may try those messages
      // before.
      if (count === 0) await releaseLeases(database, owner).catch(onError)
    },
  }
}

function leaseName(bucket: number): string {
  return `bucket ${bucket}`
}

function bucketOfLease(name: string): number {
  return Number(name.slice('bucket '.length))
}
