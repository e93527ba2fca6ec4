import type { RelayConnection } from './relay-connection.ts'

export interface RelayPool {
  /** A connection that waits for MAIL. Rejects when there is none and none can be made. */
  take(): Promise<RelayConnection>
  /** Gives one back, whether it was used for a message or not; one that is not fit is cut. */
  giveBack(connection: RelayConnection, isFit: boolean): void
  /** Ends the idle connections: the relay may have ended them too, without the news having arrived yet. */
  dropResting(): void
  close(): void
}

const MESSAGES_PER_CONNECTION = 1_000
const REST_MS = 30_000
const RETRY_MS = 30_000

type Waiter = { resolve(connection: RelayConnection): void; reject(error: Error): void }

/**
 * Reuses at most `most` connections, the most recently used first, so that those that are not needed end. Where the
 * relay allows fewer, whoever waits gets one of the existing ones; opening more is tried again after half a minute, and
 * when none came free meanwhile, nobody waits any longer.
 */
export function createRelayPool(open: () => Promise<RelayConnection>, most: number): RelayPool {
  const resting: RelayConnection[] = []
  const waiting: Waiter[] = []
  let opening = 0
  /** How many connections are idle, in use or being opened. */
  let held = 0
  let allowed = most
  let retry: NodeJS.Timeout | undefined
  /** True when nothing came free between the last failure and the next try. */
  let stuck = false
  let closed = false

  const grow = () => {
    while (!closed && waiting.length > opening && held < allowed) {
      opening++
      held++
      open().then(opened, failed)
    }
  }
  const opened = (connection: RelayConnection) => {
    opening--
    allow(most)
    offer(connection)
    grow()
  }
  const failed = (error: Error) => {
    opening--
    held--
    allow(Math.max(1, held))
    if (held === 0 || stuck) for (const { reject } of waiting.splice(0)) reject(error)
  }
  const allow = (count: number) => {
    allowed = count
    clearTimeout(retry)
    if (count === most) return
    retry = setTimeout(() => {
      allowed = most
      stuck = waiting.length > 0
      grow()
    }, RETRY_MS).unref()
  }

  const offer = (connection: RelayConnection) => {
    stuck = false
    const waiter = waiting.shift()
    if (waiter) waiter.resolve(connection)
    else if (closed) drop(connection)
    else {
      resting.push(connection)
      connection.rest(REST_MS, () => {
        resting.splice(resting.indexOf(connection), 1)
        drop(connection)
      })
    }
  }
  const drop = (connection: RelayConnection, options?: { inDoubt: boolean }) => {
    held--
    connection.end(options)
    grow()
  }
  const dropResting = () => {
    for (const connection of resting.splice(0)) drop(connection)
  }

  return {
    take: () => {
      for (let connection = resting.pop(); connection; connection = resting.pop()) {
        connection.wake()
        if (connection.isFit) return Promise.resolve(connection)
        drop(connection, { inDoubt: true })
      }
      if (closed) return Promise.reject(new Error('the relay is no longer used'))
      const { promise, resolve, reject } = Promise.withResolvers<RelayConnection>()
      waiting.push({ resolve, reject })
      grow()
      return promise
    },
    giveBack: (connection, isFit) => {
      if (!isFit || !connection.isFit) drop(connection, { inDoubt: true })
      else if (connection.messages >= MESSAGES_PER_CONNECTION) drop(connection)
      else offer(connection)
    },
    dropResting,
    close: () => {
      closed = true
      clearTimeout(retry)
      dropResting()
      for (const { reject } of waiting.splice(0)) reject(new Error('the relay is no longer used'))
    },
  }
}
