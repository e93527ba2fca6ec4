import type { Agreement } from './agreement.ts'
import type { Client } from './connection.ts'
import { asUpload, type FileContent } from './file-content.ts'
import { type Page, pages } from './pages.ts'
import { query } from './query.ts'

type Membership = 'joined' | 'left'

/** What is given replaces what was there; the rest stays. */
export interface SubscriberData {
  /** What the customer calls them. */
  userIds?: string[]
  attributes?: Record<string, string | number | boolean>
}

export interface SubscriberView extends Required<SubscriberData> {
  address: string
  membership: Membership
  /** Of the membership. */
  since: string
  via: string
  createdAt: string
  updatedAt: string
  /** Of user ids and attributes; an edit that gives it is held to it. */
  revision: string
}

export interface SubscriberSearch {
  /** A part of the address. */
  contains?: string
  userId?: string
  membership?: Membership
}

export interface Imported {
  sha256: string
  encoding: string
  rows: number
  imported: number
  /** Rows of people who were erased, which are left out. */
  erased: number
  rejects: { row: number; text: string; code: string; reason: string }[]
}

/** How many of the service's lists they were taken off. */
type Lifted = { lifted: number }

export function subscribersOf(client: Client) {
  return {
    /** They join the service and are taken off the lists of its senders and filters. */
    register: (address: string, data: SubscriberData = {}) =>
      client.post<SubscriberView & Lifted & { created: boolean }>('/subscribers', { address, ...data }),
    /** Joining lifts lists as a registration does; leaving puts them on none. */
    edit: (address: string, change: SubscriberData & { membership?: Membership; revision?: string }) =>
      client.once<SubscriberView & Lifted>('POST', '/subscribers/edit', { address, ...change }),
    get: (address: string) =>
      client.post<SubscriberView & { agreements: Agreement[] }>('/subscribers/read', { address }),
    /** By address. */
    search: (search: SubscriberSearch = {}) =>
      pages((page) => client.post<Page<SubscriberView>>(`/subscribers/search${page}`, search)),
    /** Which services of the site they joined or left. */
    memberships: async (address: string) => {
      const path = '/subscribers/memberships'
      const { items } = await client.post<{
        items: {
          service: { id: number; name: string }
          membership: Membership | null
          since: string | null
        }[]
      }>(path, { address })
      return items
    },
    /** Removes them from this service; whoever is on a list stays on it. */
    remove: (address: string) => client.once<void>('POST', '/subscribers/delete', { address }),
    /** Those of a CSV file, of at most 100,000 rows. Takes nobody off any list. */
    import: async (
      file: FileContent,
      options: { membership?: Membership; encoding?: string; language?: 'en' | 'ja' } = {},
    ): Promise<Imported> => {
      const answer = await client.transfer(`/subscribers/import${query(options)}`, asUpload(file))
      return answer.json() as Promise<Imported>
    },
  }
}
