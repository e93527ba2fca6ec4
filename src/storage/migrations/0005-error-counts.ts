import type { Migration } from '../migration.ts'

/** How often a passing failure sent an address's mail back, per service. */
export const errorCounts: Migration = {
  id: 5,
  name: 'error-counts',
  statements: ({ text, integer, clustered }) => [
    `create table error_count (
      address_key ${text} not null, service_id ${integer} not null, address ${text} not null, tenths ${integer} not null,
      registered_at ${integer} not null, updated_at ${integer} not null,
      primary key (address_key, service_id)) ${clustered}`,
  ],
}
