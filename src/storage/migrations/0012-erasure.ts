import type { Migration } from '../migration.ts'

/** Who was erased in which site, as keyed hashes of their addresses: all that is left of them. */
export const erasure: Migration = {
  id: 12,
  name: 'erasure',
  statements: ({ text, integer, clustered }) => [
    `create table erased (
      site_id ${integer} not null, address_key ${text} not null, erased_at ${integer} not null,
      primary key (site_id, address_key)) ${clustered}`,
  ],
}
