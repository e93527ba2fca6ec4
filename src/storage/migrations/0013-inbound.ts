import type { Migration } from '../migration.ts'

/** Mail that came in, with what was concluded from it. */
export const inbound: Migration = {
  id: 13,
  name: 'inbound',
  statements: ({ text, integer, bytes }) => [
    `create table inbound_mail (
      id ${integer} primary key, service_id ${integer}, kind ${text} not null, outcome ${text} not null,
      report ${text}, address ${text}, bucket ${integer}, message_id ${integer}, detail_json ${text} not null,
      mail_from ${text}, rcpt_to ${text}, client_address ${text}, received_at ${integer} not null,
      resolved_at ${integer}, resolved_by ${text}, size ${integer} not null, raw ${bytes} not null)`,
    `create unique index inbound_report on inbound_mail (report) where report is not null`,
    `create index inbound_by_service on inbound_mail (service_id, id)`,
    `create index inbound_open on inbound_mail (id) where outcome = 'not-understood' and resolved_at is null`,
    `create index inbound_by_time on inbound_mail (received_at, id)`,
  ],
}
