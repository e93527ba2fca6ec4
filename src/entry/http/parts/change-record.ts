import type { AuditAction } from '../../../audit/actions.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import type { Service } from '../../../tenants/service.ts'

/** Puts on record who changed what in a service, whichever interface it came by. */
export type RecordChange = (
  actor: string,
  service: Service,
  action: AuditAction,
  subject: string,
  detail: Record<string, unknown>,
) => Promise<void>

export function changeRecord({
  database,
  clock,
  ids,
}: {
  database: Database
  clock: Clock
  ids: Record<'audit', IdSource>
}): RecordChange {
  return (actor, { siteId }, action, subject, detail) =>
    recordAudit(database, ids.audit, { at: clock(), actor, action, siteId, subject, detail })
}
