const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** RFC 5321 §4.5.4.1 asks for four to five days. */
export const GIVE_UP_AFTER_MS = 120 * HOUR
const DELAYS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR] as const

/**
 * When a deferred message is tried again; undefined when it is given up. `attempts` counts those made, `dueSince` is
 * when the first was due. Every message goes through all delays, also one that a pause or an outage made late. A fifth
 * of each delay is random, so that what failed together does not come back together.
 */
export function nextAttempt(attempts: number, dueSince: number, now: number): number | undefined {
  const delay = DELAYS[Math.min(attempts, DELAYS.length) - 1] ?? DELAYS[0]
  const at = now + Math.round(delay * (0.9 + Math.random() * 0.2))
  return at - dueSince > GIVE_UP_AFTER_MS && attempts > DELAYS.length ? undefined : at
}
