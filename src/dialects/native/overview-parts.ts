import type { Service } from '../../tenants/service.ts'

export interface ListsOnDay {
  day: string
  unsubscribed: number
  hardBounces: number
  complaints: number
}

interface Attention {
  sendersWithoutKey: string[]
  failedImports: number
  unverifiedRequests: number
  openMails: number
}

/** What an operator looks at first. */
export interface OverviewParts {
  /** Of the last 31 days, those on which something happened. */
  lists(service: Service): Promise<ListsOnDay[]>
  attention(service: Service): Promise<Attention>
}
