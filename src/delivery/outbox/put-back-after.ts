import type { Clock } from '../../kernel/clock.ts'
import type { AttemptResult } from '../../messages/sending/settle-attempts.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { putBack } from './attempt.ts'

/** The result of an attempt that a fault prevented. */
export type PutBackAfter = (error: unknown, message: MessageTable) => AttemptResult

const FAULT_MS = 60_000
const OUTAGE_MS = 1_000

/** An outage is over soon and nobody's fault; anything else is logged, and the message waits a minute. */
export function putterBack({
  clock,
  onError,
}: {
  clock: Clock
  onError(error: unknown): void
}): PutBackAfter {
  return (error, message) => {
    const away = error instanceof DatabaseUnavailable
    if (!away) onError(error)
    return putBack(message, clock() + (away ? OUTAGE_MS : FAULT_MS))
  }
}
