/** Lets a fixed number of pieces of work run at once; work with priority goes before all that waits without. */
export interface Turns {
  inTurn<T>(priority: boolean, work: () => Promise<T>): Promise<T>
  /** How many wait without priority. */
  readonly waiting: number
  /** True when nothing waits or is under way. */
  readonly isIdle: boolean
}

export function createTurns(most: number): Turns {
  const waiting: { priority: (() => void)[]; others: (() => void)[] } = { priority: [], others: [] }
  let free = most
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
    get waiting() {
      return waiting.others.length
    },
    get isIdle() {
      return free === most
    },
  }
}
