import type { Attempt } from './plan-attempts.ts'

/** Room for messages that are about to be stored, which are then sent without being claimed. */
export interface Room {
  /**
   * The epoch under which this process may begin an attempt in the bucket; undefined leaves the message to the bucket's
   * holder.
   */
  epochOf(bucket: number): number | undefined
  /** These are about to be stored as begun: from here on they do not count as orphaned attempts. */
  hold(attempts: readonly Attempt[]): void
  /** The held attempts are on disk: makes them now. */
  begin(): void
  /** Gives the held attempts up. Any that were stored without our hearing of it go back to the queue. */
  release(): void
}

/**
 * Takes messages straight from acceptance to the relay: where this process is a worker with room, an accepted message
 * is stored as an attempt that has begun. That saves claiming it and reading it again.
 */
export interface HandOff {
  /** Room for this many messages; undefined when they have to queue. It must be ended by `begin` or `release`. */
  take(messages: number): Room | undefined
  /** Looks for due messages now instead of at the next look. */
  wake(): void
}
