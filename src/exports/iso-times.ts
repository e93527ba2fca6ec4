/**
 * Writes times in ISO 8601 with the zone's offset, to the second (`2026-11-21T09:30:00+09:00`), for millions of rows:
 * between two changes of a zone's offset, the calendar need not be asked again.
 */
export function isoTimes(timeZone: string): (time: number) => string {
  const stretches: Stretch[] = []
  let current: Stretch | undefined
  const holds = (time: number) => (stretch: Stretch) => time >= stretch.from && time < stretch.to
  return (time) => {
    if (!current || !holds(time)(current)) {
      current = stretches.find(holds(time))
      if (!current) {
        current = stretchAround(time, timeZone)
        stretches.push(current)
      }
    }
    return new Date(time + current.shift).toISOString().slice(0, 19) + current.offset
  }
}

/** A time without a change of the offset. */
interface Stretch {
  from: number
  to: number
  /** Milliseconds to be added to UTC. */
  shift: number
  offset: string
}

function stretchAround(time: number, timeZone: string): Stretch {
  const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone)
  // A change at this very moment begins the stretch.
  const previous = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  return {
    from: previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    to: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    shift: zoned.offsetNanoseconds / 1_000_000,
    offset: zoned.offset,
  }
}
