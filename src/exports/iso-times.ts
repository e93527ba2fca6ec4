/**
 * Writes times in ISO 8601 with the zone's offset, to the second (`2026-11-21T09:30:00+09:00`), for millions of rows:
 * between two changes of a zone's offset, the calendar need not be asked again.
 */
export function isoTimes(timeZone: string): (time: number) => string {
  const stretches: Stretch[] = []
  let current: Stretch | undefined
  const days = new Map<number, string>()
  const dateOf = (day: number) => {
    let date = days.get(day)
    if (date === undefined) {
      if (days.size === MOST_DAYS) days.clear()
      date = new Date(day * DAY_SECONDS * 1_000).toISOString().slice(0, 10)
      days.set(day, date)
    }
    return date
  }
  // All rows of an import share one time, and a recipient who was stopped only once has it twice.
  let latest = { time: Number.NaN, text: '' }
  const holds = (time: number) => (stretch: Stretch) => time >= stretch.from && time < stretch.to
  return (time) => {
    if (time !== latest.time) latest = { time, text: write(time) }
    return latest.text
  }

  function write(time: number): string {
    if (!current || time < current.from || time >= current.to) {
      current = stretches.find(holds(time))
      if (!current) {
        current = stretchAround(time, timeZone)
        stretches.push(current)
      }
    }
    const local = Math.floor((time + current.shift) / 1_000)
    const day = Math.floor(local / DAY_SECONDS)
    const second = local - day * DAY_SECONDS
    const clock = `${TWO_DIGITS[Math.floor(second / 3_600)]}:${TWO_DIGITS[Math.floor(second / 60) % 60]}`
    return `${dateOf(day)}T${clock}:${TWO_DIGITS[second % 60]}${current.offset}`
  }
}

const DAY_SECONDS = 86_400
/** Twenty-seven years; no list goes back that far. */
const MOST_DAYS = 10_000
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

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
