import type { Clock } from '../../kernel/clock.ts'
import { createTurns, type Turns } from './turns.ts'

/** Who waits for one of a relay's connections, and whether the relay can be reached at all. */
export interface RelayQueue {
  /** For rendering and signing ahead: a few more than there are connections. */
  readonly ahead: Turns
  /** One for each connection. */
  readonly connections: Turns
  /** True when nobody waits, nothing is under way, and the relay works. */
  readonly isIdle: boolean
  /** The relay is left alone until then; 0 when it may be tried. */
  readonly downUntil: number
  /** When it first failed since it last worked; 0 when it works. */
  readonly downSince: number
  /** The relay could not be reached: it is left alone for a moment, and for longer each time. */
  failed(now: number): void
  worked(): void
}

/** Signing takes about as long as a hand-over to a nearby relay, and the look-up before a hand-over takes time too. */
const AHEAD = 3
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

export function createRelayQueue(most: number, clock: Clock): RelayQueue {
  const ahead = createTurns(AHEAD * most)
  const connections = createTurns(most)
  let pauseMs = 0
  let downUntil = 0
  let downSince = 0
  // A clock that was put back would leave the relay alone until it gets there again.
  const isLeftAlone = (now: number) => now < downUntil && downUntil <= now + LONGEST_PAUSE_MS
  return {
    ahead,
    connections,
    get isIdle() {
      return ahead.isIdle && connections.isIdle && downUntil === 0
    },
    get downUntil() {
      return isLeftAlone(clock()) ? downUntil : 0
    },
    get downSince() {
      return downSince
    },
    failed: (now) => {
      // Connections that fail together are one failure.
      if (isLeftAlone(now)) return
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? FIRST_PAUSE_MS : 2 * pauseMs)
      downUntil = now + pauseMs
      if (downSince === 0) downSince = now
    },
    worked: () => {
      pauseMs = 0
      downUntil = 0
      downSince = 0
    },
  }
}
