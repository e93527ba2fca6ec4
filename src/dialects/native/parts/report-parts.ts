import type { ExportFile } from '../../../exports/file.ts'
import type { DeliveryView } from '../../../messages/delivery-store.ts'
import type { DayCount, DayTotal, SomeDays } from '../../../messages/reading/read-counts.ts'
import type { DeliverySearch } from '../../../messages/reading/search-deliveries.ts'
import type { FoundMessage, MessageSearch } from '../../../messages/reading/search-messages.ts'
import type { Service } from '../../../tenants/service.ts'
import type { Page, PageRequest } from '../pages.ts'
import type { FileRequest } from './export-parts.ts'

/** With the name of its list, if it has one, in the place of the list's id. */
export type WithList<T extends { listId: number | null }> = Omit<T, 'listId'> & { list: string | null }

export type MessageFilter = Pick<MessageSearch, 'state' | 'deliveryId' | 'from' | 'to'> & {
  sender?: string | undefined
  recipient?: string | undefined
  list?: string | undefined
}

type DeliveryFilter = Pick<DeliverySearch, 'state' | 'reference' | 'from' | 'to'> & {
  sender?: string | undefined
}

/** What became of a service's mail. */
export interface ReportParts {
  messages(service: Service, filter: MessageFilter, page: PageRequest): Promise<Page<WithList<FoundMessage>>>
  deliveries(service: Service, filter: DeliveryFilter, page: PageRequest): Promise<Page<DeliveryView>>
  counts(service: Service, days: SomeDays, page: PageRequest): Promise<Page<WithList<DayCount>>>
  dayTotals(service: Service, days: SomeDays): Promise<DayTotal[]>
  messageFile(service: Service, filter: MessageFilter, file: FileRequest): Promise<ExportFile>
  countFile(service: Service, days: SomeDays, file: FileRequest): Promise<ExportFile>
}
