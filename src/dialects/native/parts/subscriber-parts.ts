import type { Readable } from 'node:stream'
import type { ShownAgreement } from '../../../subscribers/agreements/read-agreements.ts'
import type { ImportedSubscribers } from '../../../subscribers/import/import-subscribers.ts'
import type { SiteMembership } from '../../../subscribers/memberships.ts'
import type { SubscriberSearch } from '../../../subscribers/search.ts'
import type { Membership, Subscriber, SubscriberData } from '../../../subscribers/subscriber.ts'
import type { Service } from '../../../tenants/service.ts'
import type { Page, PageRequest } from '../pages.ts'

/** A subscriber after a change, and from how many lists it took them. */
type ChangedSubscriber = Subscriber & { lifted: number }

/** End users (エンドユーザー). `address` is the caller's text. */
export interface SubscriberParts {
  /** Registers, or registers anew: they join. */
  register(
    service: Service,
    address: string,
    data: SubscriberData,
    actor: string,
  ): Promise<ChangedSubscriber & { created: boolean }>
  edit(
    service: Service,
    address: string,
    change: SubscriberData & { membership?: Membership | undefined; revision?: string | undefined },
    actor: string,
  ): Promise<ChangedSubscriber>
  search(
    service: Service,
    search: Pick<SubscriberSearch, 'contains' | 'userId' | 'membership'>,
    page: PageRequest,
  ): Promise<Page<Subscriber>>
  /** With what they agreed to by registration forms. */
  read(service: Service, address: string): Promise<Subscriber & { agreements: ShownAgreement[] }>
  /** In every service of the service's site. */
  memberships(service: Service, address: string): Promise<SiteMembership[]>
  remove(service: Service, address: string, actor: string): Promise<void>
  /** Resolves once all of the file is carried out. */
  import(
    service: Service,
    file: Readable,
    request: { membership: Membership; encoding?: string | undefined },
    actor: string,
  ): Promise<ImportedSubscribers>
}
