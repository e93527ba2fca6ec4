import type { AuditEntry } from '../../../audit/audit.ts'
import type { AuditFilter } from '../../../audit/find-audit.ts'
import type { ExportFile } from '../../../exports/file.ts'
import type { FileFormat } from '../../../exports/records.ts'
import type { Page, PageRequest } from '../pages.ts'

/** The record of who did what: of the filter's site, or of all. */
export interface AuditParts {
  find(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>
  /** As a file with times of the zone, which is on the record itself unless it is only asked whether it may be had. */
  file(
    filter: AuditFilter,
    form: FileFormat & { timeZone: string; actor: string; isOnlyAsked: boolean },
  ): Promise<ExportFile>
}
