import type { Client } from './connection.ts'
import { type Page, pages } from './pages.ts'
import { query } from './query.ts'

type Outcome =
  | 'accepted'
  | 'excluded'
  | 'sent'
  | 'kept'
  | 'failed'
  | 'cancelled'
  | 'bounced'
  | 'returned'
  | 'blamed'
  | 'complained'

/** Days of the service's zone; the last 31 unless given. */
export interface Days {
  from?: string
  to?: string
}

export interface DayCount {
  day: string
  sender: string
  outcome: Outcome
  /** What excluded them. */
  list: string | null
  count: number
}

export interface Expiring {
  list: string
  day: string
  count: number
}

export function reportsOf(client: Client) {
  return {
    /** How many mails met with what: by day, sender and list. */
    counts: (days: Days = {}) => pages((page) => client.get<Page<DayCount>>(`/counts${page}`), { ...days }),
    /** The sums of each day. */
    days: async (days: Days = {}) => {
      type DayTotal = { day: string } & Record<Outcome, number>
      return (await client.get<{ items: DayTotal[] }>(`/counts/days${query({ ...days })}`)).items
    },
    /** How many recipients become deliverable again by themselves on each of the next days: 7 unless given. */
    expiring: async (filter: { days?: number; sender?: string; filter?: string; list?: string } = {}) =>
      (await client.get<{ items: Expiring[] }>(`/expiring${query(filter)}`)).items,
  }
}
