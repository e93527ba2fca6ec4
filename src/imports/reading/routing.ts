import { classify } from '../../bounces/judging/classify.ts'
import { addressKey } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { type Evidence, REASONS, type Reason } from '../../suppression/changing/change.ts'
import type { Cells, KnownFormat, Verdict } from '../formats/known-format.ts'
import { rowTimes } from '../formats/row-time.ts'
import type { RejectReason } from './reject-reasons.ts'

/** Where rows go that tell more than an address. */
export interface Routing {
  /** One list for all of them; undefined when each goes to the list of its reason. */
  list: string | undefined
  /** The list for unsubscriptions whose row does not say which mail they are about. */
  unsubscribes: string | undefined
  /** Names of the filters that the service has. */
  filters: readonly string[]
  /** How long a request excludes on the lists that are there, by their names, in milliseconds; null is for ever. */
  lifetimes: Readonly<Record<string, number | null>>
  /** The same for the stop list of a sender that is new. */
  newLifetime: number | null
  /** The IANA zone of times without an offset. */
  timeZone: string
  /** No request can be later than this. */
  now: number
  fileName: string
}

/** What a row says of its recipient, or why it says nothing. */
export type Routed =
  | { skip: RejectReason }
  | {
      list: string
      /** False when the row takes back what an earlier one said. */
      stops: boolean
      /** Of several rows of one recipient, the one with the greatest value counts. */
      order: number
      requestedAt: number
      since: number
      reason: Reason | null
      messageId: string | null
      evidence: string | null
    }

const LISTS = { bounce: 'hard-bounces', complaint: 'complaints', block: 'blocklist' } as const
const REASON_OF: Readonly<Record<string, Reason>> = {
  complaint: 'complaint',
  unsubscribe: 'unsubscribed',
  block: 'blocked',
}
const MOST_CHARACTERS_OF_EVIDENCE = 200
const MOST_CHARACTERS_OF_MESSAGE_ID = 998

/**
 * Reads rows of a known export. A row without a readable time counts as asked now, so that no exclusion is lost for
 * lack of one. Throws DomainError `invalid-value` or `unknown-filter` when an exclusion would be lost because it is not
 * known which list it belongs to.
 */
export function routeRows(format: KnownFormat, routing: Routing): (number: number, cells: Cells) => Routed {
  const timeOf = rowTimes(routing.timeZone)
  const filters = new Set(routing.filters)
  const readTime = (text: string) => {
    const time = text === '' ? undefined : timeOf(text)
    return time !== undefined && time >= 0 ? Math.min(time, routing.now) : undefined
  }
  return (number, cells) => {
    const verdict = format.verdict(cells, routing.fileName)
    if (typeof verdict === 'object') return verdict
    const place = routing.list ?? listOf(format, cells, verdict)
    if (typeof place === 'object') return place
    const list = place ?? routing.unsubscribes ?? refuseHomeless(number)
    if (routing.list === undefined) refuseUnknownFilter(list, filters, number)
    const requestedAt = firstTime(format.times, cells, readTime) ?? routing.now
    const since = readTime(format.since?.(cells) ?? '') ?? requestedAt
    const text = format.text === undefined ? '' : cells(format.text)
    const order = format.order === undefined ? requestedAt : (readTime(cells(format.order)) ?? requestedAt)
    return {
      list,
      stops: verdict !== 'resume',
      order,
      requestedAt,
      since: Math.min(since, requestedAt),
      reason: reasonOf(format, cells, verdict, text),
      messageId: messageIdOf(format, cells),
      evidence: text === '' ? null : evidenceOf(text),
    }
  }
}

/** Whether a request of that time excludes nobody on the list any more. */
export function isOver({ lifetimes, newLifetime, now }: Routing, list: string, requestedAt: number): boolean {
  const lifetime = Object.hasOwn(lifetimes, list) ? (lifetimes[list] ?? null) : newLifetime
  return lifetime !== null && requestedAt + lifetime <= now
}

/** The list of a row; undefined when neither the row nor its reason names one. */
function listOf(
  format: KnownFormat,
  cells: Cells,
  verdict: Exclude<Verdict, object>,
): string | { skip: RejectReason } | undefined {
  const { list, sender, filter } = format
  if (list !== undefined) return namedList(cells(list))
  if (verdict === 'bounce' || verdict === 'complaint' || verdict === 'block') return LISTS[verdict]
  if (sender !== undefined && cells(sender) !== '') return namedList(`sender:${cells(sender)}`)
  if (filter !== undefined && cells(filter) !== '') return `filter:${cells(filter)}`
  return undefined
}

function namedList(ref: string): string | { skip: RejectReason } {
  const address = /^sender:(.+)$/s.exec(ref)?.[1]
  if (address !== undefined) {
    const key = addressKey(address)
    return key === undefined ? { skip: ['malformed-sender'] } : `sender:${key}`
  }
  if (ref.startsWith('filter:') && ref.endsWith(' (archived)')) {
    return { skip: ['archived-list'] }
  }
  const isList = ref.startsWith('filter:') || (Object.values(LISTS) as string[]).includes(ref)
  return isList ? ref : { skip: ['no-list'] }
}

function refuseHomeless(number: number): never {
  throw invalid(
    'list',
    `row ${number} is an unsubscription and does not say from what: give sender or filter beside list=auto`,
  )
}

function refuseUnknownFilter(list: string, filters: ReadonlySet<string>, number: number): void {
  const name = /^filter:(.+)$/s.exec(list)?.[1]
  if (name === undefined || filters.has(name)) return
  throw new DomainError('unknown-filter', `row ${number}: the service has no filter ${name}`, {
    field: 'list',
  })
}

function firstTime(
  columns: readonly string[] = [],
  cells: Cells,
  read: (text: string) => number | undefined,
): number | undefined {
  const column = columns.find((name) => cells(name) !== '')
  return column === undefined ? undefined : read(cells(column))
}

/** The row's own reason; null when only the list implies one. */
function reasonOf(
  format: KnownFormat,
  cells: Cells,
  verdict: Exclude<Verdict, object>,
  text: string,
): Reason | null {
  const own = format.reason?.(cells) ?? ''
  const known = REASONS.find((reason) => reason === own)
  if (known) return known
  // That it bounced for good is the provider's finding; only the cause is looked for here.
  const why = verdict === 'bounce' && text !== '' ? classify({ said: text }) : undefined
  return why?.class === 'hard' ? why.reason : (REASON_OF[verdict] ?? null)
}

function messageIdOf({ messageId }: KnownFormat, cells: Cells): string | null {
  const text = messageId === undefined ? '' : cells(messageId).replace(/^<(.*)>$/s, '$1')
  return text === '' || text.length > MOST_CHARACTERS_OF_MESSAGE_ID ? null : text.toWellFormed()
}

function evidenceOf(text: string): string {
  const body = text.slice(0, MOST_CHARACTERS_OF_EVIDENCE).toWellFormed()
  const evidence: Evidence = { method: 'IMPORT', clientAddress: '', userAgent: null, keyId: null, body }
  return JSON.stringify(evidence)
}
