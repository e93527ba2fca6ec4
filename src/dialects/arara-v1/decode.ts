import { parseAddress } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import type { XmlElement } from '../xml/read-xml.ts'

const MOST_ADDRESSES = 10_000

/** The only child of this name; undefined where there is none. Throws DomainError `invalid-value` for several. */
export function childOf(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const [child, another] = childrenOf(parent, name)
  if (another) throw invalid(name, 'stands there more than once')
  return child
}

export function childrenOf(parent: XmlElement | undefined, name: string): XmlElement[] {
  return (parent?.children ?? []).filter((child) => child.name === name)
}

/** The text of a child without blanks around it; undefined where there is none, or nothing in it. */
export function textOf(parent: XmlElement | undefined, name: string): string | undefined {
  const child = childOf(parent, name)
  if (child && child.children.length > 0) throw invalid(name, 'must hold text alone')
  return child?.text.trim() || undefined
}

/** Throws DomainError `invalid-value`. */
export function requiredText(parent: XmlElement | undefined, name: string): string {
  const text = textOf(parent, name)
  if (text === undefined) throw invalid(name, 'is needed')
  return text
}

/** Throws DomainError `invalid-value`. */
export function addressOf(parent: XmlElement | undefined, name: string): string {
  return mailAddress(requiredText(parent, name), name)
}

/** The same where there may be none. */
export function optionalAddress(parent: XmlElement | undefined, name: string): string | undefined {
  const text = textOf(parent, name)
  return text === undefined ? undefined : mailAddress(text, name)
}

function mailAddress(text: string, field: string): string {
  const address = parseAddress(text)
  if (address) return address.address
  throw invalid(field, 'is not a mail address')
}

/** The subject of a request of the unsubscribe family. The vendor's pages name its element only for the list. */
export function subjectOf(root: XmlElement): XmlElement {
  const [subject, another] = root.children.filter(({ name }) => name !== 'auth')
  if (another) throw invalid(another.name, 'cannot stand beside another element')
  if (!subject) throw invalid('unsubscription_request', 'is needed')
  return subject
}

/** One calendar day, from `year`, `month` and `day`. Throws DomainError `invalid-value`. */
export function dayOf(parent: XmlElement): string {
  const [year, month, day] = [number(parent, 'year'), number(parent, 'month'), number(parent, 'day')]
  if (year < 1970 || year > 9999) throw invalid('year', 'must be from 1970 to 9999')
  if (month < 1 || month > 12) throw invalid('month', 'must be from 1 to 12')
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString()
  } catch {
    throw invalid('day', 'is not a day of that month')
  }
}

function number(parent: XmlElement, name: string): number {
  requiredText(parent, name)
  return numberOf(parent, name) as number
}

/** A whole number; undefined where there is none. Throws DomainError `invalid-value`. */
export function numberOf(parent: XmlElement | undefined, name: string): number | undefined {
  const text = textOf(parent, name)
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw invalid(name, 'must be a number')
  return Number(text)
}

/** `YYYY/MM/DD HH:MI` of a zone, in UTC epoch milliseconds. Throws DomainError `invalid-value`. */
export function minuteOf(text: string, timeZone: string, field: string): number {
  const [, year, month, day, hour, minute] = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d)$/.exec(text) ?? []
  try {
    if (Number(year) < 1970) throw new RangeError('long ago')
    const time = Temporal.PlainDateTime.from(`${year}-${month}-${day}T${hour}:${minute}`)
    return time.toZonedDateTime(timeZone).epochMilliseconds
  } catch {
    throw invalid(field, 'must be a moment such as 2021/05/01 16:34')
  }
}

/** Throws DomainError `invalid-value`. */
export function requestIdOf(parent: XmlElement): string | undefined {
  return readRequestId(textOf(parent, 'request_id'))
}

/** Throws DomainError `invalid-value`. */
export function readRequestId(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z\d]{1,64}$/.test(text)) return text
  throw invalid('request_id', 'must be up to 64 letters and digits')
}

/** Throws DomainError `unknown-delivery` for anything that cannot be one of ours. */
export function deliveryIdOf(parent: XmlElement): number | undefined {
  const text = textOf(parent, 'deliver_id')
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new DomainError('unknown-delivery', 'is not the id of a delivery', { field: 'deliver_id' })
}

/** The recipients that `message_to` elements name. Throws DomainError `invalid-value` or `too-many-recipients`. */
export function recipientsOf(parent: XmlElement): string[] {
  const elements = childrenOf(parent, 'message_to')
  if (elements.length === 0) throw invalid('message_to', 'is needed')
  if (elements.length > MOST_ADDRESSES) {
    throw new DomainError('too-many-recipients', `at most ${MOST_ADDRESSES} are taken`, {
      field: 'message_to',
    })
  }
  return elements.map(({ text }, index) => mailAddress(text, `message_to[${index}]`))
}
