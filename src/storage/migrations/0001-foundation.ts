import type { Migration } from '../migration.ts'

/**
 * Keys are chosen so that each big table can be distributed: suppression and event by `address_key`, message and
 * kept_mail by `bucket`; no foreign key crosses. A suppression's key begins with the address, so one seek finds all
 * lists of an address.
 */
export const foundation: Migration = {
  id: 1,
  name: 'foundation',
  statements: ({ text, integer, bytes, clustered }) => [
    `create table id_block (name ${text} primary key, next ${integer} not null)`,
    `create table secret_key (
      id ${text} primary key, check_value ${text} not null, purpose ${text} not null, created_at ${integer} not null)`,
    `create table site (id ${integer} primary key, name ${text} not null unique, created_at ${integer} not null)`,
    `create table service (
      id ${integer} primary key, site_id ${integer} not null, name ${text} not null unique, time_zone ${text} not null,
      allowed_domains_json ${text} not null, lifetime_days_json ${text} not null, settings_json ${text} not null,
      created_at ${integer} not null)`,
    `create index service_by_site on service (site_id)`,
    `create table list (
      id ${integer} primary key, service_id ${integer} not null, kind ${text} not null, label ${text} not null,
      class_id ${text} unique, lifetime_ms ${integer}, takes_opaque ${integer} not null, archived_at ${integer},
      created_at ${integer} not null)`,
    `create index list_by_service on list (service_id)`,
    `create table sender (
      service_id ${integer} not null, address_key ${text} not null, address ${text} not null,
      one_click ${integer} not null, list_id ${integer} not null unique, created_at ${integer} not null,
      primary key (service_id, address_key))`,
    `create table filter (
      list_id ${integer} primary key, service_id ${integer} not null, name ${text} not null, header ${text} not null,
      pattern ${text} not null, match ${text} not null, position ${integer} not null, deleted_at ${integer},
      created_at ${integer} not null)`,
    `create unique index filter_by_name on filter (service_id, name) where deleted_at is null`,
    `create table api_user (
      id ${integer} primary key, site_id ${integer} not null, name ${text} not null unique, key_hash ${text} not null,
      hash_key_id ${text} not null, role ${text} not null, permissions_json ${text} not null,
      services_json ${text} not null, created_at ${integer} not null)`,
    `create index api_user_by_key on api_user (key_hash)`,

    `create table suppression (
      address_key ${text} not null, list_id ${integer} not null, address ${text} not null, active ${integer} not null,
      since ${integer} not null, requested_at ${integer} not null, resumed_at ${integer}, removed ${integer} not null,
      expires_at ${integer}, reason ${text} not null, source ${text} not null, message_id ${text},
      revision ${integer} not null, before ${text}, primary key (address_key, list_id)) ${clustered}`,
    `create index suppression_by_list on suppression (list_id, requested_at, address_key)`,
    `create index suppression_by_end on suppression (list_id, expires_at, address_key) where expires_at is not null`,
    `create table event (
      address_key ${text} not null, list_id ${integer} not null, recorded_at ${integer} not null, kind ${text} not null,
      address ${text} not null, requested_at ${integer} not null, reason ${text} not null, source ${text} not null,
      message_id ${text}, older_mail ${integer} not null, evidence_json ${text}, before ${text},
      primary key (address_key, list_id, recorded_at)) ${clustered}`,
    `create index event_by_list on event (list_id, requested_at, address_key)`,

    `create table unverified_request (
      id ${text} primary key, class_id ${text} not null, token ${text} not null, key_id ${text} not null,
      evidence_json ${text} not null, received_at ${integer} not null)`,
    `create table opaque_request (
      list_id ${integer} not null, day ${text} not null, part ${text} not null, received_at ${integer} not null,
      evidence_json ${text} not null, primary key (list_id, day, part)) ${clustered}`,

    `create table delivery (
      id ${integer} primary key, service_id ${integer} not null, request_id ${text}, fingerprint ${text} not null,
      from_address ${text} not null, subject ${text} not null, transactional ${integer} not null, state ${text} not null,
      send_at ${integer} not null, answer_json ${text} not null, created_by ${text} not null,
      created_at ${integer} not null)`,
    `create unique index delivery_by_request on delivery (service_id, request_id) where request_id is not null`,
    `create index delivery_by_service on delivery (service_id, created_at, id)`,
    `create table content (delivery_id ${integer} primary key, template_json ${text} not null, raw ${bytes})`,
    `create table message (
      bucket ${integer} not null, id ${integer} not null, delivery_id ${integer} not null, service_id ${integer} not null,
      address ${text} not null, address_key ${text} not null, substitutions_json ${text}, unsubscribe_url ${text},
      state ${text} not null, excluded_list_id ${integer}, excluded_reason ${text}, excluded_since ${integer},
      attempts ${integer} not null, due_at ${integer} not null, epoch ${integer} not null, reply ${text},
      message_id ${text} not null, updated_at ${integer} not null, primary key (bucket, id)) ${clustered}`,
    `create index message_by_delivery on message (delivery_id, id)`,
    `create index message_due on message (bucket, due_at) where state in ('queued', 'sending')`,
    `create table kept_mail (
      bucket ${integer} not null, message_id ${integer} not null, raw ${bytes} not null,
      primary key (bucket, message_id))`,
    `create table dkim_key (
      domain ${text} not null, selector ${text} not null, algorithm ${text} not null,
      sealed_private_key ${text} not null, public_key ${text} not null, created_at ${integer} not null,
      primary key (domain, selector))`,
    `create table lease (
      name ${text} primary key, owner ${text} not null, epoch ${integer} not null, expires_at ${integer} not null)`,
    `create table audit_entry (
      id ${integer} primary key, at ${integer} not null, actor ${text} not null, action ${text} not null,
      site_id ${integer}, subject ${text} not null, detail_json ${text} not null)`,
  ],
}
