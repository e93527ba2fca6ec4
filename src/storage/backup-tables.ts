import type { Tables } from './tables.ts'

type ColumnOf<T extends keyof Tables> = keyof Tables[T] & string
type BytesOf<T extends keyof Tables> = {
  [C in ColumnOf<T>]: Uint8Array extends Tables[T][C] ? C : never
}[ColumnOf<T>]

/** `key` is the primary key, by which pages are read. A table with `bytes` may have rows of many megabytes. */
type Shape<T extends keyof Tables> = {
  key: readonly ColumnOf<T>[]
  bytes?: readonly BytesOf<T>[]
}

/** For tables that are only about this database or this moment: worthless anywhere else. */
const LEFT_OUT = 'left out'

/** Every table; a missing one is a compile error. */
const SHAPES: { [T in keyof Tables]: Shape<T> | typeof LEFT_OUT } = {
  schema_migration: LEFT_OUT,
  lease: LEFT_OUT,
  id_block: { key: ['name'] },
  secret_key: { key: ['id'] },
  site: { key: ['id'] },
  service: { key: ['id'] },
  list: { key: ['id'] },
  sender: { key: ['service_id', 'address_key'] },
  filter: { key: ['list_id'] },
  api_user: { key: ['id'] },
  dkim_key: { key: ['domain', 'selector'] },
  suppression: { key: ['address_key', 'list_id'] },
  event: { key: ['address_key', 'list_id', 'recorded_at'] },
  error_count: { key: ['address_key', 'service_id'] },
  inbound_mail: { key: ['id'], bytes: ['raw'] },
  unverified_request: { key: ['id'] },
  opaque_request: { key: ['list_id', 'day', 'part'] },
  pending_resume: { key: ['address_key', 'list_id'] },
  delivery: { key: ['id'] },
  content: { key: ['id'], bytes: ['raw'] },
  message: { key: ['bucket', 'id'] },
  kept_mail: { key: ['bucket', 'message_id'], bytes: ['raw'] },
  day_count: { key: ['service_id', 'day', 'sender', 'outcome', 'list_id'] },
  service_relay: { key: ['service_id'] },
  export_password: { key: ['service_id'] },
  service_logo: { key: ['service_id'], bytes: ['bytes'] },
  import: { key: ['id'] },
  import_part: { key: ['import_id', 'first_chunk'] },
  import_chunk: { key: ['import_id', 'number'] },
  import_reject: { key: ['import_id', 'row_number'] },
  subscriber: { key: ['address_key', 'site_id'] },
  subscriber_membership: { key: ['address_key', 'service_id'] },
  subscriber_user_id: { key: ['address_key', 'site_id', 'user_id'] },
  form: { key: ['id'] },
  consent_text: { key: ['hash'] },
  agreement: { key: ['address_key', 'service_id', 'agreed_at', 'form_id'] },
  erased: { key: ['site_id', 'address_key'] },
  erasure: { key: ['id'] },
  audit_entry: { key: ['id'] },
  person: { key: ['id'] },
  // Everybody signs in again after a restore.
  person_session: LEFT_OUT,
  person_account: { key: ['id'] },
  person_verification: LEFT_OUT,
  person_second_factor: { key: ['id'] },
}

export interface BackupTable {
  name: keyof Tables
  /** The columns of the primary key, in order. */
  key: readonly string[]
  /** The columns that hold bytes. */
  bytes: readonly string[]
}

/** The tables that a backup holds, in the order in which it holds them. */
export const BACKUP_TABLES: readonly BackupTable[] = Object.entries(SHAPES).flatMap(([name, shape]) =>
  shape === LEFT_OUT ? [] : [{ name: name as keyof Tables, key: shape.key, bytes: bytesOf(shape) }],
)

function bytesOf(shape: { bytes?: readonly string[] }): readonly string[] {
  return shape.bytes ?? []
}
