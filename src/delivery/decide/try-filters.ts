import { parseAddress } from '../../kernel/address.ts'
import { invalid } from '../../kernel/domain-error.ts'
import { headerFields, valuesOf } from '../../mail/header-block.ts'
import { soleMailbox } from '../../mail/sole-mailbox.ts'
import type { Database } from '../../storage/database.ts'
import type { Filter } from '../../tenants/filter.ts'
import { filterMatches } from '../../tenants/filter-match.ts'
import { listRef } from '../../tenants/list.ts'
import type { Service } from '../../tenants/service.ts'
import { readServiceLists } from '../../tenants/service-lists.ts'
import { headersAsContent, rawContent, type SeenHeaders } from '../content/content.ts'
import { listFinder } from './applicable-lists.ts'

/** As much of a mail as filters look at: its header, or some fields of it. */
export type TriedMail = { message: Buffer } | { from?: string | undefined; headers: SeenHeaders }

/** `other-case`: the value differs only in capital letters. */
type FilterVerdict = 'matches' | 'no-header' | 'other-value' | 'other-case'

export interface FilterTrial {
  /** All filters of the service in the order in which they are tried. */
  filters: { filter: Filter; verdict: FilterVerdict }[]
  /** The values that filters read from the mail, by header name in lower case. */
  values: Record<string, string[]>
  /** The list that the mail's link would unsubscribe from, as the API names it; null when it gets none. */
  link: string | null
  /** The lists of senders and filters that decide who gets it. */
  lists: string[]
}

/** Tells which filters match a mail, and why the others do not. Stores nothing. */
export async function tryFilters(
  database: Database,
  service: Pick<Service, 'id'>,
  mail: TriedMail,
): Promise<FilterTrial> {
  const lists = await readServiceLists(database, service.id)
  const from = 'message' in mail ? fromOf(mail.message) : mail.from
  const content =
    'message' in mail ? rawContent(mail.message) : headersAsContent({ address: from ?? '' }, mail.headers)
  const values = new Map<string, string[]>()
  const filters = lists.filters.map((filter) => {
    const found = content.headerValues(filter.header, {}).filter((value) => value !== '')
    values.set(filter.header.toLowerCase(), found)
    return { filter, verdict: verdictOn(filter, found) }
  })
  const { ids, link } = listFinder(lists, keyOf(from) ?? '', content)({})
  const named = ids.flatMap((id) => lists.lists.get(id) ?? [])
  return {
    filters,
    values: Object.fromEntries(values),
    link: link ? listRef(link) : null,
    lists: named.filter(({ kind }) => kind === 'sender' || kind === 'filter').map(listRef),
  }
}

function verdictOn(filter: Filter, values: readonly string[]): FilterVerdict {
  if (filterMatches(filter, values)) return 'matches'
  if (values.length === 0) return 'no-header'
  const [wanted, ...given] = [filter.pattern, ...values].map((text) => text.toLowerCase())
  return filter.match === 'exact' && given.includes(wanted ?? '') ? 'other-case' : 'other-value'
}

/** The one mailbox in a message's From; undefined unless there is exactly one. */
function fromOf(message: Buffer): string | undefined {
  const [value, another] = valuesOf(headerFields(message), 'From')
  return value === undefined || another !== undefined ? undefined : soleMailbox(value)?.address
}

/** Throws DomainError `invalid-value` (`from`). */
function keyOf(from: string | undefined): string | undefined {
  if (from === undefined) return undefined
  const address = parseAddress(from)
  if (!address) throw invalid('from', 'must be a mail address')
  return address.key
}
