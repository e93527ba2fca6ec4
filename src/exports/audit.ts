import type { StoredAuditEntry } from '../audit/find-audit.ts'
import { type FileFormat, writeInZone } from './records.ts'

const COLUMNS = ['at', 'actor', 'action', 'subject', 'site_id', 'detail'] as const

/** The record as a file, a line for each entry; what was asked for is JSON in a cell. */
export function writeAudit(
  pages: AsyncIterable<readonly StoredAuditEntry[]>,
  form: FileFormat & { timeZone: string },
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, form, ({ at, actor, action, subject, siteId, detail }, iso) => ({
    ...{ at: iso(at), actor, action, subject, site_id: siteId, detail: JSON.stringify(detail) },
  }))
}
