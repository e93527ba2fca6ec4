import type { Migration } from '../migration.ts'

/**
 * What operators look for among millions of rows of which few are meant: who was resumed, mail that waits for somebody,
 * requests in the order in which they came.
 */
export const operatorsReading: Migration = {
  id: 16,
  name: 'operators-reading',
  statements: () => [
    `create index suppression_inactive on suppression (list_id, requested_at, address_key)
      where active = 0`,
    `create index inbound_open_by_service on inbound_mail (service_id, id)
      where outcome = 'not-understood' and resolved_at is null`,
    `create index unverified_request_by_time on unverified_request (received_at, id)`,
  ],
}
