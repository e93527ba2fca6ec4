import type { Migration } from '../migration.ts'

/**
 * What files need: a list in the order of its addresses, which never change, so that a row appears once however often it
 * is renewed meanwhile; and the passwords with which services encrypt their files.
 */
export const exportFiles: Migration = {
  id: 4,
  name: 'exports',
  statements: ({ text, integer }) => [
    `create index suppression_by_address on suppression (list_id, address_key)`,
    `create table export_password (service_id ${integer} primary key, sealed_password ${text} not null)`,
  ],
}
