import type { IncomingMessage } from 'node:http'
import type { ApiUser } from '../../access/api-user.ts'
import type { Authenticate } from '../../access/authenticate.ts'
import type { AuditEntry } from '../../audit/audit.ts'
import type { BounceReason } from '../../bounces/conclusion.ts'
import type { ExportFile } from '../../exports/file.ts'
import type { Days, DayTotal } from '../../messages/reading/read-counts.ts'
import type { AddressMatch, Outcome, Stage } from '../../messages/reading/read-outcomes.ts'
import type { ListedRecipient } from '../../suppression/reading/read-list.ts'
import type { Service } from '../../tenants/service.ts'
import type { Period } from './decode.ts'

/** Who has stopped mail, and of which filter; for a sender's list, its address. */
export interface Unsubscribed {
  filterName: string
  address: string
  since: number
}

export interface UnsubscribedFilter extends Period {
  contains?: string | undefined
  /** Word for word. */
  filterName?: string | undefined
}

/** Who gets no mail of the service at all, since mail to them bounced or somebody blocked them. */
export interface Block
  extends Pick<ListedRecipient, 'listId' | 'addressKey' | 'address' | 'reason' | 'since'> {
  /** How often that happened. */
  occurred: number
}

export interface BlockFilter extends Period {
  contains?: string | undefined
  /** Those who were once blocked, instead of those who are. */
  removed: boolean
}

/** Why a mail did not reach its recipient: left out for a list, or refused, as the judge of bounces says. */
export type BounceCause = 'unsubscribed' | 'blocked' | { reason: BounceReason; status: string | null }

export interface Bounce extends Outcome {
  cause: BounceCause
}

export interface MailFilter extends Period {
  sender?: AddressMatch | undefined
  recipient?: AddressMatch | undefined
}

interface Cancellation {
  addresses: readonly string[]
  filterName?: string | undefined
}

/** Stops that can be taken back for many addresses at once, or for none of them. */
export interface Cancellable {
  /** The places of the addresses that are not on the list. */
  missing(service: Service, request: Cancellation): Promise<number[]>
  /** Throws DomainErrors `not-listed` for all that are not on the list (`addresses[3]`). */
  cancel(service: Service, request: Cancellation, actor: string): Promise<void>
}

/** Page by page. */
export type Rows<T> = AsyncIterable<readonly T[]>

/** What a download holds, as the record names it. */
export type DownloadTitle = 'unsubscribes' | 'blocks' | 'bounces'

/**
 * Everything that the interface of Customers Mail Cloud can do, handed in by the composition root. A service comes with the
 * time zone in which its caller sees it. Functions throw DomainErrors for the caller's mistakes.
 */
export interface CustomersMailCloudParts {
  authenticate: Authenticate
  clientAddress(request: IncomingMessage): string | undefined
  findServices(siteId: number): Promise<Service[]>
  /** The calendar day in a zone. */
  today(timeZone: string): string
  unsubscribes: Cancellable & {
    read(service: Service, filter: UnsubscribedFilter): Promise<Rows<Unsubscribed>>
  }
  blocks: Cancellable & { read(service: Service, filter: BlockFilter): Promise<Rows<Block>> }
  bounces: {
    read(
      service: Service,
      filter: MailFilter & { causes: 'all' | 'lists' | 'replies' },
    ): Promise<Rows<Bounce>>
  }
  deliveries: {
    read(service: Service, filter: MailFilter & { stage?: Stage | undefined }): Promise<Rows<Outcome>>
  }
  /** In days of the service's own zone; a day without mail is left out. */
  dayTotals(service: Service, days: Days): Promise<DayTotal[]>
  record: {
    read(siteId: number, period: Required<Period> & { of: 'sign-ins' | 'changes' }): Rows<AuditEntry>
  }
  /** Packs lines into a ZIP, encrypted where the service has a password, once that is on record. */
  makeFile(
    service: Service,
    file: { title: DownloadTitle; filter: object; actor: string },
    lines: AsyncIterable<string>,
  ): Promise<ExportFile>
}

/** What every call brings along. */
export interface Caller {
  user: ApiUser
  /** As the record names it. */
  actor: string
}
