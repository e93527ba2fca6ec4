import type { X509Certificate } from 'node:crypto'
import { DAY_MS } from '../../../kernel/clock.ts'
import { type Finding, failed, ok, warning } from './check.ts'

const RENEW_WITHIN_MS = 14 * DAY_MS

/** Expired, not valid yet, about to expire, or fine. */
export function judgeValidity(
  name: string,
  { validFromDate, validToDate }: X509Certificate,
  now: number,
): Finding {
  const until = validToDate.toISOString()
  if (now >= validToDate.getTime())
    return failed(name, `expired at ${until}`, 'Renew it: links cannot be used.')
  if (now < validFromDate.getTime()) {
    return failed(name, `not valid before ${validFromDate.toISOString()}`, 'Check the clock of this machine.')
  }
  if (now > validToDate.getTime() - RENEW_WITHIN_MS) {
    return warning(name, `expires at ${until}`, 'Renew it now; whatever should renew it does not.')
  }
  return ok(name, `valid until ${until}`)
}
