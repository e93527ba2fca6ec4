import type { Migration } from '../migration.ts'

/** An API user's key is replaced without a gap: the one before is taken for a time. When each was used last is known. */
export const apiUserKeys: Migration = {
  id: 17,
  name: 'api-user-keys',
  statements: ({ text, integer }) => [
    `alter table api_user add column last_used_at ${integer}`,
    `alter table api_user add column previous_key_hash ${text}`,
    `alter table api_user add column previous_hash_key_id ${text}`,
    `alter table api_user add column previous_until ${integer}`,
    `alter table api_user add column previous_used_at ${integer}`,
    `create index api_user_by_previous_key on api_user (previous_key_hash) where previous_key_hash is not null`,
  ],
}
