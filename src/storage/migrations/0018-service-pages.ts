import type { Migration } from '../migration.ts'

/** How the public pages of a service look and speak. A logo is asked for by its id, from pages that name no service. */
export const servicePages: Migration = {
  id: 18,
  name: 'service-pages',
  statements: ({ text, integer, bytes }) => [
    `alter table service add column page_json ${text} not null default '{}'`,
    `create table service_logo (
      service_id ${integer} primary key, logo_id ${text} not null, type ${text} not null, width ${integer} not null,
      height ${integer} not null, bytes ${bytes} not null)`,
    `create index service_logo_by_id on service_logo (logo_id)`,
  ],
}
