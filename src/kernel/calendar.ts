/**
 * A calendar day (`YYYY-MM-DD`): `from` is the moment at which it begins, `to` that at which the next one does (epoch
 * milliseconds).
 */
export interface Day {
  day: string
  from: number
  to: number
}

/** The day last found in each zone: successive questions are mostly about the same day. */
const lastDays = new Map<string, { day: string; from: number; to: number }>()

/** The calendar day (`YYYY-MM-DD`) of a moment in an IANA time zone. */
export function dayOf(time: number, timeZone: string): string {
  const last = lastDays.get(timeZone)
  if (last && time >= last.from && time < last.to) return last.day
  const day = zoned(time, timeZone).toPlainDate().toString()
  lastDays.set(timeZone, { day, ...boundsOfDay(day, timeZone) })
  return day
}

/** The moments at which a calendar day begins and ends in a zone; the end belongs to the next day. */
export function boundsOfDay(day: string, timeZone: string): Omit<Day, 'day'> {
  const date = Temporal.PlainDate.from(day)
  const start = (plain: Temporal.PlainDate) => plain.toZonedDateTime(timeZone).epochMilliseconds
  return { from: start(date), to: start(date.add({ days: 1 })) }
}

/** Whether Temporal knows the zone: an IANA name, or an offset such as `+09:00`. */
export function isTimeZone(text: string): boolean {
  try {
    zoned(0, text)
    return true
  } catch {
    return false
  }
}

function zoned(time: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone)
}
