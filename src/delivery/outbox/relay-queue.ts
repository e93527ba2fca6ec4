/** Who waits for one of a relay's connections, and whether the relay can be spoken to at all. */
export interface RelayQueue {
  /** Does the work when a connection is free; what has priority goes before all that wait without. */
  inTurn<T>(priority: boolean, work: () => Promise<T>): Promise<T>
  /** True when nobody waits, nothing is under way, and it works. */
  readonly isIdle: boolean
  /** True when so many wait that more would keep other relays' messages from being claimed. */
  readonly isCrowded: boolean
  /** The relay is left alone until then; 0 when it works. */
  readonly downUntil: number
  /** It could not be spoken to: it is left alone for a moment, and for longer each time. */
  failed(now: number): void
  worked(): void
}

const MOST_WAITING = 400
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

export function createRelayQueue(connections: number): RelayQueue {
  const waiting: { priority: (() => void)[]; others: (() => void)[] } = { priority: [], others: [] }
  let free = connections
  let pauseMs = 0
  let downUntil = 0
  return {
    inTurn: async (priority, work) => {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting[priority ? 'priority' : 'others'].push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.priority.shift() ?? waiting.others.shift()
        if (next) next()
        else free++
      }
    },
    get isIdle() {
      return free === connections && downUntil === 0
    },
    get isCrowded() {
      return waiting.others.length >= MOST_WAITING
    },
    get downUntil() {
      return downUntil
    },
    failed: (now) => {
      // Connections that fail together are one failure.
      if (now < downUntil) return
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? FIRST_PAUSE_MS : 2 * pauseMs)
      downUntil = now + pauseMs
    },
    worked: () => {
      pauseMs = 0
      downUntil = 0
    },
  }
}
