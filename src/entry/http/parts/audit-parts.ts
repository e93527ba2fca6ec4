import { recordAudit } from '../../../audit/audit.ts'
import { readAudit, searchAudit } from '../../../audit/find-audit.ts'
import type { AuditParts } from '../../../dialects/native/parts/audit-parts.ts'
import { writeAudit } from '../../../exports/audit.ts'
import { toFile } from '../../../exports/file.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'

interface AuditPartsParts {
  database: Database
  clock: Clock
  ids: Record<'audit', IdSource>
}

/** What the native interface tells of the record. */
export function createAuditParts({ database, clock, ids }: AuditPartsParts): AuditParts {
  return {
    find: (filter, page) => searchAudit(database, { ...filter, ...page }),
    file: async (filter, { actor, isOnlyAsked, ...form }) => {
      const { siteId = null } = filter
      const at = clock()
      // The file ends before the entry that records it.
      const lines = writeAudit(readAudit(database, { ...filter, to: filter.to ?? at }), form)
      const detail = { format: form.format }
      const entry = { at, actor, action: 'export.audit' as const, siteId, subject: 'audit', detail }
      if (!isOnlyAsked) await recordAudit(database, ids.audit, entry)
      const named = { time: at, timeZone: form.timeZone }
      return toFile(lines, {
        title: 'audit',
        at: named,
        format: form.format,
        compress: 'none',
        lock: undefined,
      })
    },
  }
}
