import { parseAddress } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import type { Day } from './parts.ts'

/** Throws DomainError `invalid-value` naming the field. */
export function decodeAddress(given: string, field: string): { address: string; key: string } {
  const address = parseAddress(given)
  if (!address) throw invalid(field, 'is not a mail address')
  return address
}

/** `YYYY-MM-DD`, optionally with the offset in which it is a day; without one it is a day of the service's zone. */
export function decodeDay(given: string, timeZone: string): Day {
  const [, date = '', offset] = /^(\d{4}-\d\d-\d\d)([+\- ]\d\d:\d\d|Z)?$/.exec(given) ?? []
  if (!isDate(date) || !isOffset(offset)) throw invalid('date', 'must be a day such as 2026-10-01+09:00')
  return { date, timeZone: offset === undefined ? timeZone : offset === 'Z' ? '+00:00' : withPlus(offset) }
}

/** `YYYY-MM-DDThh:mm±hh:mm`, in UTC epoch milliseconds. */
export function decodeMinute(given: string, field: string): number {
  const [, date = '', time, offset] =
    /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)([+\- ]\d\d:\d\d|Z)$/.exec(given.trim()) ?? []
  if (!isDate(date) || !isOffset(offset) || offset === undefined) {
    throw invalid(field, 'must be a moment such as 2026-10-01T09:30+09:00')
  }
  return Date.parse(`${date}T${time}:00${withPlus(offset)}`)
}

export function decodeDeliveryId(given: string): number {
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given)
  throw new DomainError('unknown-delivery', 'there is no such delivery', { field: 'delivery_id' })
}

/** A plus sign in a query that was not encoded arrives as a blank. */
function withPlus(offset: string): string {
  return offset.replace(' ', '+')
}

function isOffset(offset: string | undefined): boolean {
  return offset === undefined || /^(?:Z|[+\- ](?:0\d|1[0-4]):[0-5]\d)$/.test(offset)
}

/** Whether there is such a day in the calendar. */
function isDate(given: string): boolean {
  try {
    Temporal.PlainDate.from(given, { overflow: 'reject' })
    return given >= '1970-01-02' && given <= '9999-12-30'
  } catch {
    return false
  }
}
