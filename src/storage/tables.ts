/**
 * The schema as Kysely sees it. Times are UTC epoch milliseconds, flags 0 or 1, `*_json` text. The column types and the
 * reasons for each key stand in migrations/.
 */
export interface Tables {
  schema_migration: { id: number; name: string; applied_at: number }
  id_block: { name: string; next: number }
  secret_key: { id: string; check_value: string; purpose: 'ring' | 'erasure'; created_at: number }
  site: { id: number; name: string; created_at: number }
  service: ServiceTable
  list: ListTable
  sender: SenderTable
  filter: FilterTable
  api_user: ApiUserTable
  suppression: SuppressionTable
  event: EventTable
  unverified_request: UnverifiedRequestTable
  opaque_request: OpaqueRequestTable
  delivery: DeliveryTable
  content: ContentTable
  message: MessageTable
  kept_mail: { bucket: number; message_id: number; raw: Uint8Array }
  dkim_key: DkimKeyTable
  lease: LeaseTable
  audit_entry: AuditEntryTable
}

type Flag = 0 | 1

export type ListKind = 'sender' | 'filter' | 'hard-bounces' | 'complaints' | 'blocklist'

interface ServiceTable {
  id: number
  site_id: number
  name: string
  time_zone: string
  allowed_domains_json: string
  lifetime_days_json: string
  settings_json: string
  created_at: number
}

interface ListTable {
  id: number
  service_id: number
  kind: ListKind
  /** The sender's address, the filter's name, or the kind itself. */
  label: string
  class_id: string | null
  /** How long a request excludes, counted from `requested_at`; null is for ever. Kept in step with the service's setting. */
  lifetime_ms: number | null
  takes_opaque: Flag
  archived_at: number | null
  created_at: number
}

interface SenderTable {
  service_id: number
  address_key: string
  address: string
  one_click: Flag
  list_id: number
  created_at: number
}

interface FilterTable {
  list_id: number
  service_id: number
  name: string
  header: string
  pattern: string
  match: 'exact' | 'regex'
  position: number
  deleted_at: number | null
  created_at: number
}

interface ApiUserTable {
  id: number
  site_id: number
  name: string
  key_hash: string
  hash_key_id: string
  role: 'group-admin' | 'user'
  permissions_json: string
  services_json: string
  created_at: number
}

interface SuppressionTable {
  address_key: string
  list_id: number
  address: string
  active: Flag
  /** When the exclusion that is (or was last) in force began. */
  since: number
  /** The latest request; the lifetime is counted from here. */
  requested_at: number
  resumed_at: number | null
  /** Removed from the list by a registration, not resumed: hidden from the one-click export. */
  removed: Flag
  /** Overrides the list's lifetime for this row. */
  expires_at: number | null
  reason: string
  source: string
  message_id: string | null
  /** Time of the change that made the row what it is, nudged to grow with each: the key of its event. */
  revision: number
  /** The state that this one replaced, as `state-before.ts` writes it; null for a new row. */
  before: string | null
}

interface EventTable {
  address_key: string
  list_id: number
  recorded_at: number
  kind: 'stop' | 'resume' | 'remove'
  address: string
  requested_at: number
  reason: string
  source: string
  message_id: string | null
  /** 1 when the request came by the link of a mail that is older than the last resume. */
  older_mail: Flag
  evidence_json: string | null
  before: string | null
}

interface UnverifiedRequestTable {
  id: string
  class_id: string
  token: string
  key_id: string
  evidence_json: string
  received_at: number
}

interface OpaqueRequestTable {
  list_id: number
  day: string
  part: string
  received_at: number
  evidence_json: string
}

interface DeliveryTable {
  id: number
  service_id: number
  request_id: string | null
  fingerprint: string
  from_address: string
  subject: string
  transactional: Flag
  state: 'active' | 'paused' | 'cancelled'
  send_at: number
  answer_json: string
  created_by: string
  created_at: number
}

interface ContentTable {
  delivery_id: number
  template_json: string
  raw: Uint8Array | null
}

export type MessageState = 'queued' | 'sending' | 'sent' | 'kept' | 'failed' | 'excluded' | 'cancelled'

export interface MessageTable {
  bucket: number
  id: number
  delivery_id: number
  service_id: number
  address: string
  address_key: string
  substitutions_json: string | null
  unsubscribe_url: string | null
  state: MessageState
  /** The list, reason and beginning of what excluded it; for transactional mail what was overridden. */
  excluded_list_id: number | null
  excluded_reason: string | null
  excluded_since: number | null
  attempts: number
  due_at: number
  /** The lease epoch under which the last attempt was started: a result must match it. */
  epoch: number
  reply: string | null
  message_id: string
  updated_at: number
}

interface DkimKeyTable {
  domain: string
  selector: string
  algorithm: 'rsa-sha256' | 'ed25519-sha256'
  sealed_private_key: string
  public_key: string
  created_at: number
}

interface LeaseTable {
  name: string
  owner: string
  epoch: number
  expires_at: number
}

interface AuditEntryTable {
  id: number
  at: number
  actor: string
  action: string
  site_id: number | null
  subject: string
  detail_json: string
}
