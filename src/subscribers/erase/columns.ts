import type { Tables } from '../../storage/tables.ts'

/**
 * What an erasure does with a column of texts or bytes:
 * `ours`: Kaijo makes what stands there, of no address: numbers, names of states, hashes, seals.
 * `operators`: those who run it say what stands there. Of them nothing is erased, should the address be theirs.
 * `person`: the address or its key, by which the row is found.
 * `words`: somebody wrote it, and may have named somebody else; the address is taken out of it.
 * `removing`: likewise, but the row is nothing without it, and goes.
 * `mail`: mail as it is kept, which is opened for it: `erase-inbound.ts`, `erase-raw.ts`.
 */
export type Treatment = 'ours' | 'operators' | 'person' | 'words' | 'removing' | 'mail'

/** Any text or bytes; one of a few words is no place for an address. */
type Wide<V> = string extends NonNullable<V> ? true : Uint8Array extends NonNullable<V> ? true : false

type TextColumn<T extends keyof Tables> = {
  [C in keyof Tables[T] & string]: Wide<Tables[T][C]> extends true ? C : never
}[keyof Tables[T] & string]

/** Every column of every table that can hold an address; one that is missing does not compile. */
export const COLUMNS: { [T in keyof Tables]: { [C in TextColumn<T>]: Treatment } } = {
  schema_migration: { name: 'ours' },
  id_block: { name: 'ours' },
  secret_key: { id: 'ours', check_value: 'ours' },
  site: { name: 'operators' },
  service: {
    name: 'operators',
    time_zone: 'operators',
    allowed_domains_json: 'operators',
    lifetime_days_json: 'operators',
    settings_json: 'operators',
    page_json: 'operators',
  },
  list: { label: 'operators', class_id: 'ours' },
  sender: { address_key: 'operators', address: 'operators' },
  filter: { name: 'operators', header: 'operators', pattern: 'operators' },
  api_user: {
    name: 'operators',
    key_hash: 'ours',
    hash_key_id: 'ours',
    permissions_json: 'operators',
    services_json: 'operators',
    time_zone: 'operators',
    previous_key_hash: 'ours',
    previous_hash_key_id: 'ours',
  },
  suppression: {
    address_key: 'person',
    address: 'person',
    reason: 'ours',
    source: 'ours',
    message_id: 'words',
    before: 'words',
  },
  event: {
    address_key: 'person',
    address: 'person',
    reason: 'ours',
    source: 'ours',
    message_id: 'words',
    evidence_json: 'words',
    before: 'words',
  },
  error_count: { address_key: 'person', address: 'person' },
  inbound_mail: {
    report: 'ours',
    address: 'mail',
    detail_json: 'mail',
    mail_from: 'mail',
    rcpt_to: 'mail',
    client_address: 'mail',
    resolved_by: 'operators',
    raw: 'mail',
  },
  // The token is sealed.
  unverified_request: {
    id: 'ours',
    class_id: 'ours',
    token: 'ours',
    key_id: 'ours',
    evidence_json: 'words',
  },
  opaque_request: { day: 'ours', part: 'removing', evidence_json: 'words' },
  pending_resume: { address_key: 'person', address: 'person', source: 'ours' },
  delivery: {
    request_id: 'words',
    reference: 'words',
    fingerprint: 'ours',
    from_address: 'operators',
    sender_key: 'operators',
    subject: 'words',
    answer_json: 'words',
    created_by: 'operators',
  },
  content: { template_json: 'words', raw: 'mail', return_path: 'words' },
  message: {
    address: 'person',
    address_key: 'person',
    substitutions_json: 'words',
    unsubscribe_url: 'words',
    shown_to: 'words',
    excluded_reason: 'ours',
    reply: 'words',
    message_id: 'words',
  },
  kept_mail: { raw: 'mail' },
  day_count: { day: 'ours', sender: 'operators' },
  service_relay: { sealed_url: 'operators' },
  export_password: { sealed_password: 'operators' },
  service_logo: { logo_id: 'ours', bytes: 'operators' },
  dkim_key: { domain: 'operators', selector: 'operators', sealed_private_key: 'ours', public_key: 'ours' },
  lease: { name: 'ours', owner: 'ours' },
  import: {
    list_name: 'operators',
    reason: 'ours',
    file_name: 'words',
    sha256: 'ours',
    encoding: 'ours',
    format: 'ours',
    claim: 'ours',
    sample_json: 'words',
    created_by: 'operators',
    error: 'words',
  },
  import_part: { list_name: 'operators', claim: 'ours' },
  import_chunk: { rows_json: 'words' },
  import_reject: { text: 'words', reason: 'words', found_json: 'words' },
  subscriber: { address_key: 'person', address: 'person', attributes_json: 'words' },
  subscriber_membership: { address_key: 'person', via: 'ours' },
  subscriber_user_id: { address_key: 'person', user_id: 'removing' },
  form: { id: 'ours', name: 'operators', definition_json: 'operators' },
  consent_text: { hash: 'ours', text: 'operators' },
  agreement: {
    address_key: 'person',
    form_id: 'ours',
    form_name: 'operators',
    text_hash: 'ours',
    evidence_json: 'words',
    confirmation_json: 'words',
  },
  erased: { address_key: 'ours' },
  // The person is sealed, and goes once it is done.
  erasure: {
    id: 'ours',
    hash: 'ours',
    key_id: 'ours',
    sealed_person: 'ours',
    requested_by: 'operators',
    looking_at: 'ours',
    replaced_json: 'ours',
  },
  audit_entry: { actor: 'operators', action: 'ours', subject: 'words', detail_json: 'words' },
  person: {
    id: 'ours',
    email: 'operators',
    name: 'operators',
    image: 'operators',
    permissions_json: 'operators',
    services_json: 'operators',
  },
  person_session: {
    id: 'ours',
    token: 'ours',
    person_id: 'ours',
    ip_address: 'operators',
    user_agent: 'operators',
  },
  person_account: {
    id: 'ours',
    person_id: 'ours',
    provider_id: 'operators',
    account_id: 'operators',
    password: 'ours',
    access_token: 'operators',
    refresh_token: 'operators',
    id_token: 'operators',
    scope: 'operators',
  },
  person_verification: { id: 'ours', identifier: 'operators', value: 'operators' },
  person_second_factor: { id: 'ours', person_id: 'ours', secret: 'ours', backup_codes: 'ours' },
}
