import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { Journal } from '../storage/journal.ts'
import type { AcceptRequest, PublicRequest } from './accept-request.ts'

const RETRY_MS = 500

export interface JournalReplay {
  stop(): Promise<void>
}

export interface JournalReplayReport {
  replayed(count: number): void
  failed(error: unknown): void
}

/**
 * Watches the journal and replays it as soon as the database takes it. Requests keep their order and the time at which
 * they came.
 */
export function startJournalReplay(
  journal: Journal<PublicRequest>,
  carryOut: AcceptRequest,
  report: JournalReplayReport,
): JournalReplay {
  let running: Promise<void> | undefined
  const attempt = async () => {
    try {
      report.replayed(await replayJournal(journal, carryOut, report.failed))
    } catch (error) {
      // Outages are what the journal is for; the replay will be tried again.
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

/**
 * Replays the journal once. Rejects with DatabaseUnavailable when it has to be tried again. A request that fails for
 * another reason is a bug: it is set aside, since nobody is mailed as long as anything waits.
 */
export async function replayJournal(
  journal: Journal<PublicRequest>,
  carryOut: AcceptRequest,
  onFailed: (error: unknown) => void,
): Promise<number> {
  return journal.replay(async (requests) => {
    const results = await Promise.allSettled(requests.map(carryOut))
    const failed = results.map((result) => (result.status === 'rejected' ? result.reason : undefined))
    const outage = failed.find((reason) => reason instanceof DatabaseUnavailable)
    if (outage) throw outage
    for (const reason of failed) if (reason !== undefined) onFailed(reason)
    return requests.filter((_, index) => failed[index] !== undefined)
  })
}
