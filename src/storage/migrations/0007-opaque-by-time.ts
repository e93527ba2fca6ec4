import type { Migration } from '../migration.ts'

/** The opaque parts of a list in the order in which they came, for who reads a day of them page by page. */
export const opaqueByTime: Migration = {
  id: 7,
  name: 'opaque-by-time',
  statements: () => [`create index opaque_request_by_time on opaque_request (list_id, received_at, part)`],
}
