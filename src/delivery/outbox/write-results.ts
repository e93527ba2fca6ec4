import { setTimeout as sleep } from 'node:timers/promises'
import { createBatcher } from '../../kernel/batcher.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AttemptResult, SettleAttempts } from '../../messages/sending/settle-attempts.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import type { Journal } from '../../storage/journal.ts'

export interface ResultWriter {
  /**
   * Resolves once the result is in the database, however long the database is away. Rejects when it cannot be written
   * at all.
   */
  write(result: AttemptResult): Promise<void>
  /**
   * Writes what an earlier run could not; to be called before anything is claimed. Rejects when that cannot be done
   * now.
   */
  replay(): Promise<void>
}

export interface ResultWriterParts {
  settle: SettleAttempts
  journal: Journal<AttemptResult>
  clock: Clock
  onError(error: unknown): void
}

const MOST_PER_COMMIT = 1_000
const RETRY_MS = 500

/**
 * Writes results; those that come during one commit share the next. While the database is away, what the relay has
 * taken, and what it refused for a reason that counts, is also kept on this machine's disk: should the process end
 * before the database is back, the next one knows, and does not send it again. Writing a result twice changes nothing.
 */
export function createResultWriter({ settle, journal, clock, onError }: ResultWriterParts): ResultWriter {
  let kept = 0
  const batcher = createBatcher<AttemptResult, void>({
    mostItems: MOST_PER_COMMIT,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: async (results) => {
      await settle(results, clock())
      return results.map(() => undefined)
    },
  })

  /** False while the database is away. */
  const isWritten = (result: AttemptResult): Promise<boolean> =>
    batcher.add(result).then(
      () => true,
      (error) => {
        if (error instanceof DatabaseUnavailable) return false
        throw error
      },
    )

  const replay = async () => {
    if (!journal.pending) return
    await journal.replay(async (results) => {
      await settle(results, clock())
      return []
    })
  }

  return {
    replay,
    write: async (result) => {
      if (await isWritten(result)) return
      kept++
      // A failing disk leaves the gap as wide as the outage: the result is still written once the database is back.
      if (result.state === 'sent' || result.refusal) await journal.append(result).catch(onError)
      while (!(await isWritten(result))) await sleep(RETRY_MS)
      kept--
      // Everything in the journal has been written: whoever is last empties it.
      if (kept === 0) await replay().catch(onError)
    },
  }
}
