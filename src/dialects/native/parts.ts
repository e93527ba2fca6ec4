import type { IncomingMessage } from 'node:http'
import type { Authenticate } from '../../access/authenticate.ts'
import type { Caller } from '../../access/authorise.ts'
import type { Provisioned } from '../../access/provision/provision-parts.ts'
import type { AcceptDelivery } from '../../delivery/accept/accept.ts'
import type { MintedHeaders, MintRequest } from '../../delivery/content/mint-headers.ts'
import type { CheckRecipients } from '../../delivery/decide/check-recipients.ts'
import type { FilterTrial, TriedMail } from '../../delivery/decide/try-filters.ts'
import type { ResendAnswer } from '../../delivery/outbox/resend.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Language } from '../../kernel/texts.ts'
import type { DeliveryView } from '../../messages/delivery-store.ts'
import type { MessageView } from '../../messages/reading/message-view.ts'
import type { Theme } from '../../pages/theme.ts'
import type { MessageState } from '../../storage/mail-tables.ts'
import type { ShownAgreement } from '../../subscribers/agreements/read-agreements.ts'
import type { ErasureView } from '../../subscribers/erase/erasures.ts'
import type { Standing } from '../../suppression/deciding/standing.ts'
import type { FoundSuppression, SuppressionPage } from '../../suppression/reading/search.ts'
import type { SuppressionSearch } from '../../suppression/reading/search-rows.ts'
import type { TimelineEvent } from '../../suppression/reading/timeline.ts'
import type { Filter, SeenFilter } from '../../tenants/filter.ts'
import type { FilterChange, FilterRequest } from '../../tenants/filter-rules.ts'
import type { Sender, SenderRequest } from '../../tenants/sender.ts'
import type { Service, ServiceChange } from '../../tenants/service.ts'
import type { Page, PageRequest } from './pages.ts'
import type { ApiUserParts } from './parts/api-user-parts.ts'
import type { AuditParts } from './parts/audit-parts.ts'
import type { ErrorCountParts } from './parts/error-count-parts.ts'
import type { ExportParts } from './parts/export-parts.ts'
import type { FormParts } from './parts/form-parts.ts'
import type { ImportParts } from './parts/import-parts.ts'
import type { InboundParts } from './parts/inbound-parts.ts'
import type { OverviewParts } from './parts/overview-parts.ts'
import type { PeopleParts } from './parts/people-parts.ts'
import type { ReportParts, WithList } from './parts/report-parts.ts'
import type { SenderDnsParts } from './parts/sender-dns-parts.ts'
import type { ServiceRelayParts } from './parts/service-relay-parts.ts'
import type { SubscriberParts } from './parts/subscriber-parts.ts'
import type { UnverifiedParts } from './parts/unverified-parts.ts'

interface BulkRequest {
  list: string
  addresses: string[]
}

interface BulkAnswer {
  changed: number
  unchanged: number
  malformed: string[]
}

type SearchRequest = Pick<SuppressionSearch, 'contains' | 'state' | 'from' | 'to' | 'cursor' | 'limit'> & {
  list?: string | undefined
  address?: string | undefined
}

export interface ServiceView extends Service {
  /** The URL of its own relay, the password masked. */
  relay: string | null
  /** Whether its ZIP files are encrypted. */
  hasExportPassword: boolean
  /** Where public pages show it; a path on their origin. */
  logo: Theme['logo']
}

export interface PreviewRequest {
  language: Language
  state: 'ask' | 'stopped' | 'alreadyStopped' | 'resumed'
  page?: ServiceChange['page']
}

/** What is kept sealed beside a service; null takes it away. */
interface SecretsChange {
  relay?: string | null | undefined
  exportPassword?: string | null | undefined
}

/** The revision that a change was made to; it is held to it where it is given. */
interface Seen {
  revision?: string | undefined
}

/** With the name of its list in the place of the list's id. */
export type OnNamedList<T extends { listId: number }> = Omit<T, 'listId'> & { list: string }

/**
 * Everything that the native interface can do, handed in by the composition root. Functions throw DomainErrors for the
 * caller's mistakes; `actor` is who the record names.
 */
export interface NativeParts {
  /** What the operator's commands sign in with; valid until the process ends. */
  controlToken: string
  authenticate: Authenticate
  clientAddress(request: IncomingMessage): string | undefined
  now: Clock
  provision(file: unknown): Promise<Provisioned>
  audit: AuditParts
  findService(id: number): Promise<Service>
  baseUrl(list: { classId: string }): string
  services: {
    /** Those that the caller may use. */
    find(caller: Caller, page: PageRequest): Promise<Page<Service>>
    view(service: Service): Promise<ServiceView>
    update(
      service: Service,
      change: ServiceChange & SecretsChange & Seen,
      actor: string,
    ): Promise<ServiceView>
    /** Throws DomainError `invalid-value` for what may be no logo; null takes it away. */
    setLogo(service: Service, bytes: Uint8Array | null, actor: string): Promise<ServiceView>
    /** The markup of the page that recipients would see with these changes. */
    preview(service: Service, request: PreviewRequest): Promise<string>
  }
  serviceRelays: ServiceRelayParts
  senders: {
    find(service: Service, page: PageRequest): Promise<Page<Sender>>
    register(service: Service, request: SenderRequest, actor: string): Promise<Sender>
  }
  senderDns: SenderDnsParts
  filters: {
    /** `order`: what a move may be held to. */
    find(service: Service, page: PageRequest): Promise<Page<Filter> & { order: string }>
    create(service: Service, request: FilterRequest, actor: string): Promise<Filter>
    update(
      service: Service,
      classId: string,
      change: FilterChange & SeenFilter,
      actor: string,
    ): Promise<Filter>
    remove(service: Service, classId: string, seen: string | undefined, actor: string): Promise<void>
    try(service: Service, mail: TriedMail): Promise<FilterTrial>
  }
  mintHeaders(service: Service, request: Omit<MintRequest, 'service'>): Promise<MintedHeaders>
  checkRecipients: CheckRecipients
  deliveries: {
    accept: AcceptDelivery
    find(service: Service, page: PageRequest): Promise<Page<DeliveryView>>
    findOne(service: Service, id: number): Promise<DeliveryView>
    messages(
      service: Service,
      id: number,
      page: PageRequest & { state?: MessageState | undefined },
    ): Promise<Page<WithList<MessageView>>>
    rawMail(service: Service, id: number, messageId: number): Promise<Buffer>
    resend(
      service: Service,
      id: number,
      request: { recipients?: string[] | undefined; list?: string | undefined },
      actor: string,
    ): Promise<ResendAnswer>
    change(service: Service, id: number, state: DeliveryView['state'], actor: string): Promise<DeliveryView>
  }
  reports: ReportParts
  imports: ImportParts
  suppressions: {
    stop(service: Service, request: BulkRequest, actor: string): Promise<BulkAnswer>
    resume(service: Service, request: BulkRequest, actor: string): Promise<BulkAnswer>
    search(
      service: Service,
      request: SearchRequest,
    ): Promise<Page<OnNamedList<FoundSuppression>> & Pick<SuppressionPage, 'lookedBackTo'>>
    timeline(
      service: Service,
      address: string,
    ): Promise<{
      events: OnNamedList<TimelineEvent>[]
      agreements: ShownAgreement[]
      excludedBy: OnNamedList<Standing & { expiresAt: number | null }>[]
    }>
  }
  errorCounts: ErrorCountParts
  inbound: InboundParts
  exports: ExportParts
  people: PeopleParts
  apiUsers: ApiUserParts
  overview: OverviewParts
  unverified: UnverifiedParts
  subscribers: SubscriberParts
  forms: FormParts
  /** Erases a person from the site of the service. */
  /** Answers once the person is erased, or after a while in which that is not yet so. */
  erase(service: Service, address: string, actor: string): Promise<ErasureView>
  /** Throws DomainError `not-found`. */
  findErasure(siteId: number | undefined, id: string): Promise<ErasureView>
}
