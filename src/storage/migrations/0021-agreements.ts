import type { Migration } from '../migration.ts'

/**
 * What people agreed to when they registered by a form, and how: read by an address, and as a file by time. Each text
 * is there once.
 */
export const agreements: Migration = {
  id: 21,
  name: 'agreements',
  statements: ({ text, integer, clustered }) => [
    `create table consent_text (hash ${text} not null primary key, text ${text} not null, kept_at ${integer} not null) ${clustered}`,
    `create table agreement (
      address_key ${text} not null, service_id ${integer} not null, agreed_at ${integer} not null, form_id ${text} not null,
      form_name ${text}, form_revision ${integer} not null, language ${text} not null, text_hash ${text},
      evidence_json ${text}, confirmed_at ${integer}, confirmation_json ${text},
      primary key (address_key, service_id, agreed_at, form_id)) ${clustered}`,
    `create index agreement_by_time on agreement (service_id, agreed_at, address_key, form_id)`,
  ],
}
