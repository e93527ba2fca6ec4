import type { Attempt } from './plan-attempts.ts'

/** Room for messages that are about to be stored, which are then sent without being claimed. */
export interface Room {
  /** The epoch under which this process may begin an attempt in the bucket; undefined leaves the message to its holder. */
  epochOf(bucket: number): number | undefined
  /** These are about to be stored as begun: whoever tidies up unfinished attempts leaves them alone from here on. */
  hold(attempts: readonly Attempt[]): void
  /** What is held is on disk: it is made now. */
  begin(): void
  /** Nothing is made. What was stored all the same, without our hearing of it, goes back to the queue. */
  release(): void
}

/**
 * From the door straight to the relay: where this process is a worker with room, an accepted message is stored as an attempt
 * that has begun. That saves claiming it, and reading it again.
 */
export interface HandOff {
  /** Room for so many messages; undefined when they have to queue. It must end in `begin` or `release`. */
  take(messages: number): Room | undefined
  /** Looks for due messages now instead of at the next turn. */
  wake(): void
}
