import type { Peak } from '../../../messages/reading/find-peaks.ts'
import type { Service } from '../../../tenants/service.ts'

export interface ListsOnDay {
  day: string
  unsubscribed: number
  hardBounces: number
  complaints: number
  /** Some list has more of that day than are counted. */
  isMore: boolean
}

/** How many came onto a list of a sender or filter in all of these days, or at least so many. */
interface OntoList {
  list: string
  count: number
  isMore: boolean
}

interface Attention {
  sendersWithoutKey: string[]
  failedImports: number
  unverifiedRequests: number
  openMails: number
  expiring: { count: number; isMore: boolean }
  peaks: Peak[]
}

/** What is no service's: for whoever looks after the installation. */
interface InstallationAttention {
  openMails: number
  unverifiedRequests: number
  journalWaits: boolean
}

/** What an operator looks at first. */
export interface OverviewParts {
  /** Of the last 31 days, those on which something happened. */
  lists(service: Service): Promise<{ items: ListsOnDay[]; lists: OntoList[] }>
  attention(service: Service): Promise<Attention>
  installation(): Promise<InstallationAttention>
}
