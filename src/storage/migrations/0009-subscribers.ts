import type { Migration } from '../migration.ts'

/** End users of a site: who they are, which services they belong to, and what the customer calls them. */
export const subscribers: Migration = {
  id: 9,
  name: 'subscribers',
  statements: ({ text, integer, clustered }) => [
    `create table subscriber (
      address_key ${text} not null, site_id ${integer} not null, address ${text} not null, attributes_json ${text} not null,
      created_at ${integer} not null, updated_at ${integer} not null, primary key (address_key, site_id)) ${clustered}`,
    `create table subscriber_membership (
      address_key ${text} not null, service_id ${integer} not null, site_id ${integer} not null, state ${text} not null,
      since ${integer} not null, via ${text} not null, primary key (address_key, service_id)) ${clustered}`,
    `create index subscriber_membership_by_service on subscriber_membership (service_id, address_key)`,
    `create table subscriber_user_id (
      address_key ${text} not null, site_id ${integer} not null, user_id ${text} not null,
      primary key (address_key, site_id, user_id)) ${clustered}`,
    `create index subscriber_by_user_id on subscriber_user_id (site_id, user_id, address_key)`,
  ],
}
