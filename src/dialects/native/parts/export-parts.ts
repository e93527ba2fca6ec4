import type { ExportFile, Packing } from '../../../exports/file.ts'
import type { FileFormat } from '../../../exports/records.ts'
import type { EventFilter } from '../../../suppression/reading/read-events.ts'
import type { ListFilter } from '../../../suppression/reading/read-list.ts'
import type { Service } from '../../../tenants/service.ts'

/**
 * The form in which a file is wanted, and by whom. Asking only whether a file may be had is not recorded: nothing of it
 * is read.
 */
export type FileRequest = FileFormat & Packing & { actor: string; isOnlyAsked?: boolean }

/** Which lists, by one of the three; all of them unless given. */
export interface SomeLists {
  /** Of this sender. */
  sender?: string | undefined
  /** Of this filter. */
  filter?: string | undefined
  list?: string | undefined
}

interface Period {
  from?: number | undefined
  to?: number | undefined
}

type ExpiringRequest = SomeLists &
  Pick<ListFilter, 'reason' | 'contains'> & {
    /** How many days of the service's zone after today. */
    days: number
  }

interface ExpiringDay {
  list: string
  /** YYYY-MM-DD in the service's zone. */
  day: string
  count: number
}

/**
 * Lists as files. Each is recorded under whoever asked for it before its first line is written; the functions reject
 * before that when nothing can be read.
 */
export interface ExportParts {
  oneClick(service: Service, request: Period & { sender: string }, file: FileRequest): Promise<ExportFile>
  /** Those who stopped mail of one sender, or of any. */
  unsubscribes(
    service: Service,
    request: ListFilter & Pick<SomeLists, 'sender'>,
    file: FileRequest,
  ): Promise<ExportFile>
  /** One of the service's own lists, or a filter's. */
  list(
    service: Service,
    title: 'hard-bounces' | 'complaints' | 'blocklist' | 'filter',
    request: ListFilter & Pick<SomeLists, 'filter'>,
    file: FileRequest,
  ): Promise<ExportFile>
  events(service: Service, request: EventFilter & SomeLists, file: FileRequest): Promise<ExportFile>
  expiring(service: Service, request: ExpiringRequest, file: FileRequest): Promise<ExportFile>
  /** What people agreed to when they registered by a form. */
  agreements(service: Service, request: Period, file: FileRequest): Promise<ExportFile>
  /** How many recipients become deliverable by themselves, by list and day. */
  expiringDays(service: Service, request: Pick<ExpiringRequest, 'days'> & SomeLists): Promise<ExpiringDay[]>
}
