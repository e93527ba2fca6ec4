import type { Attempt } from './plan-attempts.ts'

/** Room for messages that are about to be stored, which are then sent without being claimed. */
export interface Room {
  /** The epoch under which this process may begin an attempt in the bucket; undefined leaves the message to its holder. */
  epochOf(bucket: number): number | undefined
  /** The attempts are on disk as begun: they are made now. What was not stored is forgotten. */
  begin(attempts: readonly Attempt[]): void
  /** Nothing was stored. */
  release(): void
}

/**
 * From the door straight to the relay: where this process is a worker with room, an accepted message is stored as an attempt
 * that has begun. That saves claiming it, and reading it again.
 */
export interface HandOff {
  /** Room for so many messages; undefined when they have to queue. Exactly one of its two ends must be called. */
  take(messages: number): Room | undefined
  /** Looks for due messages now instead of at the next turn. */
  wake(): void
}
