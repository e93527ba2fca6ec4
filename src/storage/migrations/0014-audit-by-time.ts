import type { Migration } from '../migration.ts'

/** The record of all sites is read newest first, too. */
export const auditByTime: Migration = {
  id: 14,
  name: 'audit-by-time',
  statements: () => ['create index audit_by_time on audit_entry (at, id)'],
}
