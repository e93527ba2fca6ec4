import type { Migration } from '../migration.ts'

/**
 * Who works in the console. The four tables below `person` are those of the sign-in library, in its columns; tokens of
 * sessions are stored as hashes.
 */
export const people: Migration = {
  id: 6,
  name: 'people',
  statements: ({ text, integer }) => [
    `create table person (
      id ${text} primary key,
      email ${text} not null unique,
      name ${text} not null,
      email_verified ${integer} not null,
      image ${text},
      two_factor_enabled ${integer} not null default 0,
      role ${text} not null,
      permissions_json ${text} not null,
      site_id ${integer},
      services_json ${text} not null,
      failed_sign_ins ${integer} not null default 0,
      locked_until ${integer},
      disabled_at ${integer},
      signed_in_at ${integer},
      created_at ${integer} not null,
      updated_at ${integer} not null
    )`,
    `create table person_session (
      id ${text} primary key,
      token ${text} not null unique,
      person_id ${text} not null,
      ip_address ${text},
      user_agent ${text},
      confirmed_at ${integer},
      expires_at ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    )`,
    `create index person_session_by_person on person_session (person_id)`,
    `create table person_account (
      id ${text} primary key,
      person_id ${text} not null,
      provider_id ${text} not null,
      account_id ${text} not null,
      password ${text},
      access_token ${text},
      refresh_token ${text},
      id_token ${text},
      access_token_expires_at ${integer},
      refresh_token_expires_at ${integer},
      scope ${text},
      created_at ${integer} not null,
      updated_at ${integer} not null
    )`,
    `create index person_account_by_person on person_account (person_id)`,
    `create table person_verification (
      id ${text} primary key,
      identifier ${text} not null,
      value ${text} not null,
      expires_at ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    )`,
    `create index person_verification_by_identifier on person_verification (identifier)`,
    `create table person_second_factor (
      id ${text} primary key,
      person_id ${text} not null,
      secret ${text} not null,
      backup_codes ${text} not null,
      verified ${integer} not null,
      failed_verifications ${integer} not null default 0,
      locked_until ${integer}
    )`,
    `create index person_second_factor_by_person on person_second_factor (person_id)`,
  ],
}
