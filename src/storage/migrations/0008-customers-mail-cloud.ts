import type { Migration } from '../migration.ts'

/**
 * What clients of Customers Mail Cloud expect: a time zone of each API user, cancellations that wait for a certain
 * hour, mails in the order in which they came to a bad end, and a site's record by day.
 */
export const customersMailCloud: Migration = {
  id: 8,
  name: 'customers-mail-cloud',
  statements: ({ text, integer, clustered }) => [
    `alter table api_user add column time_zone ${text}`,
    `create table pending_resume (
      address_key ${text} not null, list_id ${integer} not null, service_id ${integer} not null, address ${text} not null,
      seen_requested_at ${integer} not null, asked_at ${integer} not null, source ${text} not null,
      primary key (address_key, list_id)) ${clustered}`,
    `create index pending_resume_by_service on pending_resume (service_id, asked_at, address_key, list_id)`,
    `create index message_bounced on message (service_id, updated_at, id) where state in ('failed', 'excluded')`,
    `create index audit_by_site on audit_entry (site_id, at, id)`,
  ],
}
