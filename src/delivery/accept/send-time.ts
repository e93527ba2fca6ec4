import { DAY_MS } from '../../kernel/clock.ts'
import { invalid } from '../../kernel/domain-error.ts'

const MINUTE_MS = 60_000
const FARTHEST_MS = 32 * DAY_MS

/**
 * Throws DomainError `invalid-value` (`sendAt`) unless a moment given to the minute is neither past nor 32 days or more
 * ahead, as in arara's send calls. The current minute is not past.
 */
export function requireSendTime(sendAt: number | undefined, now: number): void {
  if (sendAt === undefined) return
  if (sendAt + MINUTE_MS <= now) throw invalid('sendAt', 'is past')
  if (sendAt - now >= FARTHEST_MS) throw invalid('sendAt', 'must be less than 32 days ahead')
}
