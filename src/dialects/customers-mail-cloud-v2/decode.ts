import { boundsOfDay } from '../../kernel/calendar.ts'
import { isStorableText } from '../../storage/row-set.ts'
import { refused } from './errors.ts'

/** The parameters of a call; from a form, all of them are text. Parameters that no operation knows are ignored. */
export type Params = Readonly<Record<string, unknown>>

/** From `from` to before `to`, in epoch milliseconds. */
export interface Period {
  from?: number
  to?: number
}

/** Which page is wanted, from 0, and how many records a page has. */
export interface PageRequest {
  page: number
  size: number
}

const MOST_PER_PAGE = 100
const MOST_TEXT = 1_000
const MINUTE_MS = 60_000

/** An empty value counts as none. Throws Refused 10-004 for anything but text. */
export function decodeText(params: Params, name: string): string | undefined {
  const given = Object.hasOwn(params, name) ? params[name] : undefined
  if (given === undefined || given === null || given === '') return undefined
  const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given
  if (isStorableText(text) && text.length <= MOST_TEXT) return text
  throw refused('10-004', name)
}

/** Throws Refused 10-001 when it is missing. */
export function decodeRequired(params: Params, name: string): string {
  const text = decodeText(params, name)
  if (text === undefined) throw refused('10-001', name)
  return text
}

export function decodeFlag(params: Params, name: string): boolean {
  const text = decodeText(params, name)
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw refused('10-004', name)
}

export function decodeNumber(
  params: Params,
  name: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const text = decodeText(params, name)
  if (text === undefined) return undefined
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw refused('10-004', name)
}

export function decodeChoice<const C extends string>(
  params: Params,
  name: string,
  choices: readonly C[],
): C | undefined {
  const text = decodeText(params, name)
  if (text === undefined) return undefined
  const choice = choices.find((each) => each === text)
  if (choice === undefined) throw refused('10-004', name)
  return choice
}

/** A day (`yyyy-mm-dd`) of the calendar. */
export function decodeDay(params: Params, name: string): string | undefined {
  const text = decodeText(params, name)
  if (text === undefined) return undefined
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text).toString()
  } catch {
    // The calendar has no such day.
  }
  throw refused('10-004', name)
}

/** From `start_date` to `end_date`, both days whole. Throws Refused 10-003 when they are the wrong way round. */
export function decodePeriod(params: Params, timeZone: string): Period {
  const [start, end] = [decodeDay(params, 'start_date'), decodeDay(params, 'end_date')]
  if (start !== undefined && end !== undefined && start > end) throw refused('10-003', 'start_date')
  return {
    ...(start !== undefined && { from: boundsOfDay(start, timeZone).from }),
    ...(end !== undefined && { to: boundsOfDay(end, timeZone).to }),
  }
}

/**
 * Part of a day by `hour` and, within it, `minute`; the whole day without them. The hours of a day neither leave gaps
 * nor overlap, whatever clocks do: an hour that they repeat counts as a whole, one that they skip is empty. Of a minute
 * that they repeat, the first is meant.
 */
export function decodePartOfDay(params: Params, day: string, timeZone: string): Period {
  const hour = decodeNumber(params, 'hour', { least: 0, most: 23 })
  const minute = decodeNumber(params, 'minute', { least: 0, most: 59 })
  if (hour === undefined) {
    if (minute !== undefined) throw refused('10-001', 'hour')
    return boundsOfDay(day, timeZone)
  }
  const start = Temporal.PlainDateTime.from(day).add({ hours: hour, minutes: minute ?? 0 })
  const zoned = start.toZonedDateTime(timeZone)
  const from = zoned.epochMilliseconds
  if (minute === undefined) {
    return { from, to: start.add({ hours: 1 }).toZonedDateTime(timeZone).epochMilliseconds }
  }
  return { from, to: zoned.toPlainDateTime().equals(start) ? from + MINUTE_MS : from }
}

/** `p` counts pages from 0, `r` says how many records one has. */
export function decodePage(params: Params): PageRequest {
  return {
    page: decodeNumber(params, 'p', { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 0,
    size: decodeNumber(params, 'r', { least: 1, most: MOST_PER_PAGE }) ?? 10,
  }
}

/** Part of a text, or the whole when `search_option`, an object or its JSON, says so. */
export function decodeMatch(params: Params, name: string): { text: string; whole: boolean } | undefined {
  const text = decodeText(params, name)
  return text === undefined ? undefined : { text, whole: optionsOf(params)[name] === 'full' }
}

function optionsOf({ search_option: given }: Params): Record<string, unknown> {
  const options = typeof given === 'string' && given !== '' ? parse(given) : given
  if (options === undefined || options === null || options === '') return {}
  if (typeof options === 'object' && !Array.isArray(options)) return options as Record<string, unknown>
  throw refused('10-004', 'search_option')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused('10-004', 'search_option')
  }
}
