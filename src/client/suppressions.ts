import type { Agreement } from './agreement.ts'
import type { Client } from './connection.ts'
import { type Page, pages } from './pages.ts'
import { parts } from './parts.ts'

export interface Changed {
  changed: number
  unchanged: number
  malformed: string[]
}

export interface SuppressionSearch {
  list?: string
  address?: string
  /** A part of the address. */
  contains?: string
  /** `active` excludes now, `expired` did until its lifetime ended. All states unless given. */
  state?: 'active' | 'resumed' | 'expired'
  from?: string
  to?: string
}

export interface Suppression {
  address: string
  list: string
  reason: string
  /** Excludes now. */
  active: boolean
  since: string
  requestedAt: string
  /** When it stops excluding by itself; null means never. */
  expiresAt: string | null
  messageId: string | null
  source: string
}

export interface Timeline {
  excludedBy: { list: string; reason: string; since: string; expiresAt: string | null }[]
  /** Newest first. */
  events: {
    list: string
    kind: 'stop' | 'resume' | 'remove'
    recordedAt: string
    requestedAt: string
    reason: string
    source: string
    messageId: string | null
    evidence: Record<string, unknown> | null
  }[]
  /** What the address's reader agreed to by registration forms, newest first. */
  agreements: Agreement[]
}

/** Lists are `sender:ADDRESS`, `filter:NAME`, `hard-bounces`, `complaints` or `blocklist`. */
export function suppressionsOf(client: Client) {
  const change = async (path: string, list: string, given: Iterable<string>): Promise<Changed> => {
    const all: Changed = { changed: 0, unchanged: 0, malformed: [] }
    for (const addresses of parts(given)) {
      const { changed, unchanged, malformed } = await client.post<Changed>(path, { list, addresses })
      all.changed += changed
      all.unchanged += unchanged
      all.malformed = all.malformed.concat(malformed)
    }
    return all
  }
  return {
    /** Puts addresses on a list. */
    add: (list: string, addresses: Iterable<string>) => change('/suppressions', list, addresses),
    /** Makes addresses on a list deliverable again. */
    resume: (list: string, addresses: Iterable<string>) => change('/suppressions/resume', list, addresses),
    /** Who is or was on a list. */
    search: (search: SuppressionSearch = {}) =>
      pages((page) => client.post<Page<Suppression>>(`/suppressions/search${page}`, search)),
    /** Everything that happened to an address, and why it would be excluded now. */
    timeline: (address: string) => client.post<Timeline>('/timeline', { address }),
  }
}
