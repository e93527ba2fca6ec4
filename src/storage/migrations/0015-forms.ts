import type { Migration } from '../migration.ts'

/** Registration forms. Few, and read by their id alone whenever somebody opens one: what they hold stays one text. */
export const forms: Migration = {
  id: 15,
  name: 'forms',
  statements: ({ text, integer, clustered }) => [
    `create table form (
      id ${text} not null primary key, service_id ${integer} not null, name ${text} not null, active ${integer} not null,
      revision ${integer} not null, definition_json ${text} not null, created_at ${integer} not null, updated_at ${integer} not null)
      ${clustered}`,
    `create unique index form_by_name on form (service_id, name)`,
  ],
}
