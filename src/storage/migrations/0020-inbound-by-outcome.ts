import type { Migration } from '../migration.ts'

/** The few complaints among the many bounces that came in. */
export const inboundByOutcome: Migration = {
  id: 20,
  name: 'inbound-by-outcome',
  statements: () => [`create index inbound_by_outcome on inbound_mail (service_id, outcome, id)`],
}
