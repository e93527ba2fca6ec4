import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { AuditAction } from './actions.ts'

/** Who did what, to what, when: one line of the record that operators are asked for. */
export interface AuditEntry {
  /** UTC epoch milliseconds. */
  at: number
  /** `operator`, `api:` and the API user's name, or `person:` and their e-mail address. */
  actor: string
  /**
   * Thing and verb, such as `filter.update`; an entry written by an older version may have one that is no longer
   * recorded.
   */
  action: string
  siteId: number | null
  /** What was changed, as its users name it. */
  subject: string
  /** What was asked for. Never a key or any other secret. */
  detail: Record<string, unknown>
}

export type NewAuditEntry = AuditEntry & { action: AuditAction }

/**
 * Writes an entry under a new id; resolves once it is durable. Neither subject nor detail may name a recipient: entries
 * outlive an erasure.
 */
export async function recordAudit(
  database: Database,
  auditIds: IdSource,
  entry: NewAuditEntry,
): Promise<void> {
  const [id] = (await auditIds.take(1)) as [number]
  const { at, actor, action, siteId, subject, detail } = entry
  await database.transact([
    database.query.insertInto('audit_entry').values({
      id,
      at,
      actor,
      action,
      site_id: siteId,
      subject,
      detail_json: JSON.stringify(detail),
    }),
  ])
}
