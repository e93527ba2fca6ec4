import { DAY_MS } from '../../kernel/clock.ts'
import { invalid } from '../../kernel/domain-error.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'

const HOUR_MS = 3_600_000
/** A mail is tried for five days from the beginning of its delivery; the last ones need some of that time too. */
const LONGEST_MS = 3 * DAY_MS

/**
 * Throws DomainError `invalid-value` (`mailsPerHour`) for a pace at which the delivery would take longer than three
 * days.
 */
export function requirePace(mails: number, mailsPerHour: number | undefined): void {
  if (mailsPerHour === undefined || (mails / mailsPerHour) * HOUR_MS <= LONGEST_MS) return
  throw invalid('mailsPerHour', 'is so slow that the delivery would take longer than three days')
}

/** Sets when each message is due: all of them at the start, or spread out one after another. Copies come last. */
export function spread(messages: MessageTable[], start: number, mailsPerHour: number | undefined): void {
  let turn = 0
  for (const message of messages) {
    const goes = message.state === 'queued' && mailsPerHour !== undefined
    message.due_at = goes ? start + Math.floor((turn++ * HOUR_MS) / mailsPerHour) : start
  }
}
