/**
 * Writes times in ISO 8601 with the zone's offset, to the second (`2026-11-21T09:30:00+09:00`), for millions of rows:
 * between two changes of a zone's offset, the calendar need not be asked again.
 */
export function isoTimes(timeZone: string): (time: number) => string {
  let stretch = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, shift: 0, offset: '' }
  return (time) => {
    if (time < stretch.from || time >= stretch.to) stretch = stretchAround(time, timeZone)
    return new Date(time + stretch.shift).toISOString().slice(0, 19) + stretch.offset
  }
}

function stretchAround(time: number, timeZone: string) {
  const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone)
  return {
    // Rows come in the order of their times: nothing before this one is worth a search.
    from: time,
    to: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    shift: zoned.offsetNanoseconds / 1_000_000,
    offset: zoned.offset,
  }
}
