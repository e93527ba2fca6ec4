import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptResult } from '../../messages/sending/settle-attempts.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { Relay } from '../relay/relay.ts'
import {
  type AttemptParts,
  dueSince,
  excluded,
  giveUp,
  handOver,
  prepareAttempt,
  putBackAttempt,
} from './attempt.ts'
import type { DailyCaps } from './daily-cap.ts'
import { MOST_HELD_MS, type Pace, type Pacer } from './pace.ts'
import { type Attempt, type RenewParts, renewAttempt } from './plan-attempts.ts'
import type { PutBackAfter } from './put-back-after.ts'
import { createRelayQueue, type RelayQueue } from './relay-queue.ts'
import { GIVE_UP_AFTER_MS } from './retry-schedule.ts'

export interface DispatchParts extends AttemptParts, RenewParts {
  relayOf(serviceId: number): Promise<Relay | undefined>
  pacer: Pacer
  caps: DailyCaps
  /** True while the lease under which the message was claimed is in force. */
  isHeld(message: MessageTable): boolean
  /** Resolves once the result is on disk. Never rejects. */
  settle(result: AttemptResult): Promise<void>
  putBackAfter: PutBackAfter
}

export interface Dispatch {
  /** Sees the attempt through until its result is on disk. Never rejects. */
  send(attempt: Attempt): Promise<void>
  /** Until then no recently used relay can be reached; 0 when one can. */
  blockedUntil(): number
}

/** How many attempts may wait for one relay: none of several may take up the room of the others. */
const MOST_WAITING = 400
const CROWDED_MS = 1_000
/** Mails larger than this are rendered and signed only once a connection is free for them. */
const MOST_AHEAD_BYTES = 1024 * 1024
/** Where there is no relay, mails are rendered and kept, this many at a time. */
const KEPT_AT_ONCE = 10

/**
 * Takes planned attempts to their relays, at the rates and within the daily cap of their service, transactional mail
 * first.
 */
export function createDispatch(parts: DispatchParts): Dispatch {
  const { clock, pacer, caps, settle } = parts
  const queues = new Map<Relay | undefined, RelayQueue>()
  const queueOf = (relay: Relay | undefined): RelayQueue => {
    let queue = queues.get(relay)
    if (!queue) {
      // A relay that was replaced is never asked for again.
      for (const [other, { isIdle }] of queues) if (isIdle) queues.delete(other)
      queue = createRelayQueue(relay?.connections ?? KEPT_AT_ONCE, clock)
      queues.set(relay, queue)
    }
    return queue
  }

  const make = async (attempt: Attempt, relay: Relay | undefined): Promise<AttemptResult> => {
    const { transactional, size } = attempt.mail
    const queue = queueOf(relay)
    const connected = (prepared: () => Promise<Buffer | AttemptResult>) =>
      queue.connections.inTurn(transactional, async () => inTurn(attempt, await prepared(), relay))
    const prepared = () => prepareAttempt(parts, attempt)
    // Prepared messages wait in memory.
    if (size > MOST_AHEAD_BYTES) return connected(prepared)
    return queue.ahead.inTurn(transactional, async () => {
      const ready = await prepared()
      return connected(async () => ready)
    })
  }

  const inTurn = async (
    attempt: Attempt,
    prepared: Buffer | AttemptResult,
    relay: Relay | undefined,
  ): Promise<AttemptResult> => {
    if (!Buffer.isBuffer(prepared)) return prepared
    const queue = queueOf(relay)
    const later = () => putBackAttempt(parts, attempt, Math.max(clock(), queue.downUntil))
    // The message may have waited for a connection, or for others before it.
    const renew = async () => {
      if (queue.downUntil > clock()) return later()
      const renewed = await renewAttempt(parts, attempt)
      if (!renewed || !parts.isHeld(attempt.message)) return later()
      return excluded(parts, renewed) ?? renewed
    }
    const made = await handOver(parts, attempt, prepared, relay, {
      renew,
      isStillOurs: () => parts.isHeld(attempt.message),
    })
    if (!('unreachable' in made)) {
      if ('withdrawn' in made) return made.withdrawn
      queue.worked()
      return made
    }
    const now = clock()
    queue.failed(now)
    const triedSince = Math.max(dueSince(attempt), queue.downSince)
    if (now - triedSince > GIVE_UP_AFTER_MS) return giveUp(parts, attempt, made.unreachable)
    return { ...later(), reply: made.unreachable }
  }

  /** When the attempt may be made; a moment later than now means that it has to go back to the queue. */
  const turnOf = async (attempt: Attempt, relay: Relay): Promise<number> => {
    const { mail, message, service } = attempt
    const now = clock()
    const queue = queueOf(relay)
    if (queue.downUntil > now) return queue.downUntil
    const isCrowded = queues.size > 1 && queue.ahead.waiting >= MOST_WAITING
    if (isCrowded && !mail.transactional) return now + CROWDED_MS
    const open = await caps.take(service.service, message.id, now)
    if (open > now) return open
    const paces = pacesOf(service.service, message.address_key)
    const returning = message.due_at > dueSince(attempt)
    const at = pacer.next(paces, { now, priority: mail.transactional, returning })
    if (at - now > MOST_HELD_MS) return at
    if (at > now) await sleep(at - now)
    return now
  }

  const send = async (attempt: Attempt): Promise<AttemptResult> => {
    const { service } = attempt
    const exclusion = excluded(parts, attempt)
    if (exclusion) return exclusion
    const relay = await parts.relayOf(service.service.id)
    if (!relay) return make(attempt, undefined)
    const turn = await turnOf(attempt, relay)
    return turn > clock() ? putBackAttempt(parts, attempt, turn) : make(attempt, relay)
  }

  return {
    send: async (attempt) => {
      const { message } = attempt
      const result = await send(attempt).catch((error) => parts.putBackAfter(error, message))
      await settle(result)
      caps.settled(message, result.state === 'sent')
    },
    blockedUntil: () => {
      const used = [...queues.values()]
      return used.length === 0 ? 0 : Math.min(...used.map(({ downUntil }) => downUntil))
    },
  }
}

function pacesOf({ id, settings }: Attempt['service']['service'], addressKey: string): Pace[] {
  const { mailsPerSecond, domainRates } = settings
  const domain = addressKey.slice(addressKey.lastIndexOf('@') + 1)
  const domainRate = domainRates[domain] ?? domainRates['*']
  return [
    ...(mailsPerSecond === null ? [] : [{ key: `${id}`, perSecond: mailsPerSecond }]),
    ...(domainRate === undefined ? [] : [{ key: `${id} ${domain}`, perSecond: domainRate }]),
  ]
}
