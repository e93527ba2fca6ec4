import type { Migration } from '../migration.ts'

/**
 * What mail at volume needs: several contents under one delivery, a lane for what must not wait, counters per day, relays
 * and DKIM keys of a service's own. `content.delivery_id` becomes an id of its own; the first content of a delivery keeps
 * the number that it had.
 */
export const gateway: Migration = {
  id: 2,
  name: 'gateway',
  statements: ({ text, integer, clustered }) => [
    `alter table content rename column delivery_id to id`,
    `alter table content add column return_path ${text}`,
    `alter table content add column smtp_utf8 ${integer} not null default 0`,
    `alter table content add column stored_at ${integer} not null default 0`,
    `update content set stored_at = (select created_at from delivery where delivery.id = content.id)`,
    `alter table content add column service_id ${integer} not null default 0`,
    `update content set service_id = (select service_id from delivery where delivery.id = content.id)`,
    `create index content_by_service on content (service_id, stored_at, id)`,

    `alter table delivery add column reference ${text}`,
    `alter table delivery add column sender_key ${text} not null default ''`,
    `update delivery set sender_key = lower(from_address)`,
    `create unique index delivery_by_reference on delivery (service_id, reference, sender_key, transactional)
      where reference is not null`,

    `alter table message add column content_id ${integer} not null default 0`,
    `alter table message add column lane ${integer} not null default 1`,
    `alter table message add column accepted_at ${integer} not null default 0`,
    `update message set content_id = delivery_id,
      lane = (select case when d.state = 'paused' then 10 else 0 end + 1 - d.transactional from delivery d where d.id = message.delivery_id),
      accepted_at = (select d.created_at from delivery d where d.id = message.delivery_id)`,
    `drop index message_due`,
    `create index message_due on message (bucket, lane, due_at) where state = 'queued'`,
    `create index message_under_way on message (bucket) where state = 'sending'`,
    `create index message_by_service on message (service_id, accepted_at, id)`,
    `create index message_by_recipient on message (address_key, id)`,
    `create index message_excluded on message (service_id, accepted_at, id) where excluded_list_id is not null`,
    `create index message_failed on message (service_id, accepted_at, id) where state = 'failed'`,

    `create table day_count (
      service_id ${integer} not null, day ${text} not null, sender ${text} not null, outcome ${text} not null,
      list_id ${integer} not null, count ${integer} not null,
      primary key (service_id, day, sender, outcome, list_id)) ${clustered}`,

    `create table service_relay (service_id ${integer} primary key, sealed_url ${text} not null)`,

    `alter table dkim_key add column service_id ${integer}`,
    `alter table dkim_key add column signs_from ${integer} not null default 0`,
    `alter table dkim_key add column signs_until ${integer}`,
  ],
}
