/** `immediate`, or `daily` and a time of day in the service's zone: `daily 03:00`. */
export type CancelMode = string

const DAILY = /^daily ((?:[01]\d|2[0-3]):[0-5]\d)$/

/** `immediate`, or `daily HH:MM` from 00:00 to 23:59. */
export function isCancelMode(text: string): text is CancelMode {
  return text === 'immediate' || DAILY.test(text)
}

/**
 * The latest moment up to which cancellations are due: now, or when the daily hour last came. An hour that the clocks
 * skip on some day comes later by the skipped time; of one that they repeat, the first counts.
 */
export function dueUntil(mode: CancelMode, timeZone: string, now: number): number {
  const [, hour] = DAILY.exec(mode) ?? []
  if (hour === undefined) return now
  const plainTime = Temporal.PlainTime.from(hour)
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate()
  const comes = (day: Temporal.PlainDate) => day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds
  return comes(today) <= now ? comes(today) : comes(today.subtract({ days: 1 }))
}
