import type { Migration } from '../migration.ts'

/**
 * Erasures that were asked for: under way until they are finished, then their receipts. Of one person in one site one
 * at a time.
 */
export const erasures: Migration = {
  id: 24,
  name: 'erasures',
  statements: ({ text, integer, clustered }) => [
    `create table erasure (
      id ${text} not null, site_id ${integer} not null, hash ${text} not null, key_id ${text} not null, sealed_person ${text},
      requested_by ${text} not null, requested_at ${integer} not null, asked ${integer} not null,
      looking_at ${text}, looked ${integer} not null, replaced_json ${text} not null, finished_at ${integer},
      primary key (id)) ${clustered}`,
    `create unique index erasure_under_way on erasure (site_id, hash) where finished_at is null`,
  ],
}
