import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { AcceptRequest, PublicRequest } from './accept-request.ts'
import type { Journal } from './journal.ts'
import { OpaqueQuotaReached } from './opaque-request.ts'

const RETRY_MS = 500

export interface JournalReplay {
  stop(): Promise<void>
}

export interface JournalReplayReport {
  replayed(count: number): void
  failed(error: unknown): void
}

/**
 * Watches the journal and replays it as soon as the database takes it. Requests keep their order and the time at which they came.
 */
export function startJournalReplay(
  journal: Journal<PublicRequest>,
  carryOut: AcceptRequest,
  report: JournalReplayReport,
): JournalReplay {
  let running: Promise<void> | undefined
  const attempt = async () => {
    try {
      report.replayed(await replayJournal(journal, carryOut))
    } catch (error) {
      // An outage is what the journal is for; it will be tried again.
      if (!(error instanceof DatabaseUnavailable)) report.failed(error)
    } finally {
      running = undefined
    }
  }
  const timer = setInterval(() => {
    if (journal.pending) running ??= attempt()
  }, RETRY_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

/** Replays the journal once. Rejects with DatabaseUnavailable when it has to be tried again. */
export async function replayJournal(
  journal: Journal<PublicRequest>,
  carryOut: AcceptRequest,
): Promise<number> {
  return journal.replay(async (requests) => {
    const results = await Promise.allSettled(requests.map(carryOut))
    for (const result of results) {
      // What is over its list's quota was refused by a rule, not by a fault.
      if (result.status === 'rejected' && !(result.reason instanceof OpaqueQuotaReached)) throw result.reason
    }
  })
}
