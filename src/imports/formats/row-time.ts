const DATE_AND_TIME =
  /^(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(z|utc|gmt|[+-]\d\d(?::?\d\d)?)?$/i
/** RFC 5322 §3.3, with a zone. */
const MAIL_DATE = /^(?:[a-z]{3},\s*)?\d\d? [a-z]{3} (\d{4}) \d\d?:\d\d(?::\d\d)? (?:[+-]\d{4}|gmt|utc|ut|z)$/i
/** Where software does not know a time it writes one of a year long past (`01 Jan 0001`), which V8 may read as 2001. */
const FIRST_YEAR = 1970
const UNIX_SECONDS = /^\d{9,10}(?:\.\d+)?$/
const UNIX_MILLISECONDS = /^\d{12,13}$/
const MOST_HOURS_KEPT = 10_000

/**
 * Reads times as exports of mail systems have them: ISO 8601 in its usual spellings, RFC 5322, Unix seconds or
 * milliseconds. A time without an offset is in the given IANA zone. Undefined for anything else.
 */
export function rowTimes(timeZone: string): (text: string) => number | undefined {
  const startOf = hoursIn(timeZone)
  return (text) => {
    const parts = DATE_AND_TIME.exec(text)
    if (parts) return fromParts(parts, startOf)
    if (UNIX_SECONDS.test(text)) return Math.trunc(Number(text) * 1_000)
    if (UNIX_MILLISECONDS.test(text)) return Number(text)
    const year = Number(MAIL_DATE.exec(text)?.[1] ?? 0)
    const time = year < FIRST_YEAR ? Number.NaN : Date.parse(text)
    return Number.isNaN(time) ? undefined : time
  }
}

function fromParts(parts: RegExpExecArray, startOf: StartOfHour): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts
  const date = [Number(year), Number(month) - 1, Number(day)] as const
  const start = Date.UTC(...date, Number(hour))
  const check = new Date(start)
  const exists = check.getUTCDate() === date[2] && check.getUTCMonth() === date[1] && Number(hour) < 24
  if (!exists || date[0] < FIRST_YEAR || Number(minute) > 59 || Number(second) > 60) return undefined
  const rest = (Number(minute) * 60 + Number(second)) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3))
  if (zone === undefined) return startOf(start) + rest
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return start + rest - (sign === '-' ? -offset : offset)
}

/** The moment at which an hour by a zone's clocks began; the hour is given as if it were in UTC. */
type StartOfHour = (hour: number) => number

/** Asks the calendar once for each hour: millions of rows share few hours. */
function hoursIn(timeZone: string): StartOfHour {
  const known = new Map<number, number>()
  return (hour) => {
    const found = known.get(hour)
    if (found !== undefined) return found
    const plain = Temporal.Instant.fromEpochMilliseconds(hour).toZonedDateTimeISO('UTC').toPlainDateTime()
    const start = plain.toZonedDateTime(timeZone).epochMilliseconds
    if (known.size >= MOST_HOURS_KEPT) known.clear()
    known.set(hour, start)
    return start
  }
}
