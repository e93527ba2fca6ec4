import type { Client } from './connection.ts'
import { type Page, pages } from './pages.ts'
import { query } from './query.ts'

export interface FilterRequest {
  name: string
  header: string
  pattern: string
  match?: 'exact' | 'regex'
  /** Last unless given. The filter that stands there gives way. */
  position?: number
}

export interface FilterView extends Required<FilterRequest> {
  classId: string
  baseUrl: string
  /** Stands for the filter as it is now: a change that gives it is refused once the filter is different. */
  revision: string
}

/** A whole mail or its header, or only the fields that filters look at. */
type TriedMail = { message: string } | { from?: string; headers?: Record<string, string | string[]> }

export interface Trial {
  filters: (FilterView & { verdict: 'matches' | 'no-header' | 'other-value' | 'other-case' })[]
  /** The values that filters read, by the header names that they look at. */
  values: Record<string, string[]>
  /** The list that the link of the mail would leave. */
  link: string | null
  lists: string[]
}

export function filtersOf(client: Client) {
  return {
    /** In the order in which they are tried. */
    list: () => pages((page) => client.get<Page<FilterView>>(`/filters${page}`)),
    create: (filter: FilterRequest) => client.once<FilterView>('POST', '/filters', filter),
    /** Changes what is given; the filter keeps its list. */
    change: (classId: string, change: Partial<FilterRequest> & { revision?: string }) =>
      client.once<FilterView>('PATCH', pathOf(classId), change),
    /** Deletes the rule; who is on its list stays known, and its links work for ever. */
    remove: (classId: string, { revision }: { revision?: string } = {}) =>
      client.once<void>('DELETE', `${pathOf(classId)}${query({ revision })}`),
    /** Which filters a mail falls under, and why not under others. */
    try: (mail: TriedMail) => client.post<Trial>('/filters/try', mail),
  }
}

function pathOf(classId: string): string {
  return `/filters/${encodeURIComponent(classId)}`
}
