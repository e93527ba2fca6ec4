/**
 * The schema as Kysely sees it. Times are UTC epoch milliseconds, flags 0 or 1, `*_json` text. The column types and the
 * reasons for each key stand in migrations/.
 */
export interface Tables {
  schema_migration: { id: number; name: string; applied_at: number }
  id_block: { name: string; next: number }
  /** `erasure` is the key of the ring from which that of erasures is derived, for ever. */
  secret_key: { id: string; check_value: string; purpose: 'ring' | 'erasure'; created_at: number }
  site: { id: number; name: string; created_at: number }
  service: ServiceTable
  list: ListTable
  sender: SenderTable
  filter: FilterTable
  api_user: ApiUserTable
  suppression: SuppressionTable
  event: EventTable
  error_count: ErrorCountTable
  inbound_mail: InboundMailTable
  unverified_request: UnverifiedRequestTable
  opaque_request: OpaqueRequestTable
  pending_resume: PendingResumeTable
  delivery: DeliveryTable
  content: ContentTable
  message: MessageTable
  kept_mail: { bucket: number; message_id: number; raw: Uint8Array }
  day_count: DayCountTable
  service_relay: { service_id: number; sealed_url: string }
  export_password: { service_id: number; sealed_password: string }
  dkim_key: DkimKeyTable
  lease: LeaseTable
  import: ImportTable
  import_part: ImportPartTable
  import_chunk: ImportChunkTable
  import_reject: ImportRejectTable
  subscriber: SubscriberTable
  subscriber_membership: SubscriberMembershipTable
  subscriber_user_id: { address_key: string; site_id: number; user_id: string }
  /** `address_key` is a keyed hash. */
  erased: { site_id: number; address_key: string; erased_at: number }
  audit_entry: AuditEntryTable
  person: PersonTable
  person_session: PersonSessionTable
  person_account: PersonAccountTable
  person_verification: PersonVerificationTable
  person_second_factor: PersonSecondFactorTable
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
  /** In which this user's dates are read and its answers' times written; null is the service's. */
  time_zone: string | null
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
  /** The import that made the change, or undid it. */
  import_id: number | null
}

/** Beside `hard-bounces`, which alone excludes: how near an address is to being put there by passing failures. */
interface ErrorCountTable {
  address_key: string
  service_id: number
  address: string
  /** Ten times the count, 0 to 990. */
  tenths: number
  registered_at: number
  updated_at: number
}

/** What came in by mail, and what became of it. */
interface InboundMailTable {
  id: number
  /** Null while nobody knows whose it is. */
  service_id: number | null
  kind: 'bounce' | 'complaint' | 'unsubscribe' | 'sign-up' | 'other'
  /** `sender`: the failure blames us. `nothing`: there was nothing to do, as for a delay notice. */
  outcome:
    | 'hard'
    | 'soft'
    | 'sender'
    | 'complaint'
    | 'unsubscribed'
    | 'joined'
    | 'asked'
    | 'nothing'
    | 'not-understood'
  /** What it reports, which counts once. */
  report: string | null
  address: string | null
  bucket: number | null
  message_id: number | null
  detail_json: string
  mail_from: string | null
  rcpt_to: string | null
  client_address: string | null
  received_at: number
  resolved_at: number | null
  resolved_by: string | null
  /** Octets as it came; `raw` holds no more than can be looked at. */
  size: number
  raw: Uint8Array
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

/** Somebody who is to be made deliverable again when the service's hour comes, unless they ask again to stop until then. */
interface PendingResumeTable {
  address_key: string
  list_id: number
  service_id: number
  address: string
  /** The request to stop that is taken back: `requested_at` of the suppression when it was asked for. */
  seen_requested_at: number
  asked_at: number
  source: string
}

interface DeliveryTable {
  id: number
  service_id: number
  request_id: string | null
  /** The client's own name for it: mails that come one by one under the same name, From and kind are one delivery. */
  reference: string | null
  fingerprint: string
  from_address: string
  /** From, as an address key. */
  sender_key: string
  subject: string
  transactional: Flag
  state: 'active' | 'paused' | 'cancelled'
  send_at: number
  answer_json: string
  created_by: string
  created_at: number
}

interface ContentTable {
  id: number
  service_id: number
  template_json: string
  raw: Uint8Array | null
  /** The envelope sender that the client gave; '' is the null sender, null means From. */
  return_path: string | null
  /** 1 when the client asked for SMTPUTF8: the relay is asked for it then. */
  smtp_utf8: Flag
  /** When it came, or was last needed for a re-send: it is kept so many days from then on. */
  stored_at: number
}

export type MessageState = 'queued' | 'sending' | 'sent' | 'kept' | 'failed' | 'excluded' | 'cancelled'

export interface MessageTable {
  bucket: number
  id: number
  delivery_id: number
  content_id: number
  service_id: number
  address: string
  address_key: string
  substitutions_json: string | null
  unsubscribe_url: string | null
  /** It is a copy of another recipient's mail, whom To shows; null for a recipient's own. */
  copy_as: 'cc' | 'bcc' | null
  shown_to: string | null
  state: MessageState
  /** The list, reason and beginning of what excluded it; for transactional mail what was overridden. */
  excluded_list_id: number | null
  excluded_reason: string | null
  excluded_since: number | null
  attempts: number
  /** 0 for transactional mail, 1 for bulk; 10 more while the delivery is paused, out of the claims' way. */
  lane: number
  due_at: number
  /** The lease epoch under which the last attempt was started: a result must match it. */
  epoch: number
  reply: string | null
  message_id: string
  accepted_at: number
  updated_at: number
}

/** What happened to a service's mail on a day of its calendar: a sum of facts, never corrected by later ones. */
interface DayCountTable {
  service_id: number
  /** YYYY-MM-DD in the service's time zone. */
  day: string
  /** From, as an address key. */
  sender: string
  outcome: 'accepted' | 'excluded' | 'sent' | 'kept' | 'failed' | 'cancelled'
  /** What excluded it; 0 for every other outcome. */
  list_id: number
  count: number
}

interface DkimKeyTable {
  domain: string
  selector: string
  algorithm: 'rsa-sha256' | 'ed25519-sha256'
  sealed_private_key: string
  public_key: string
  /** Signs for this service alone; null for every service. */
  service_id: number | null
  /** It signs from here until there; null is for ever. Its DNS record must outlive that by the days mail is under way. */
  signs_from: number
  signs_until: number | null
  created_at: number
}

interface LeaseTable {
  name: string
  owner: string
  epoch: number
  expires_at: number
}

/** `receiving` while its rows are being stored; `undoing` and `undone` follow on `done`, `cancelled` or `failed`. */
export type ImportState =
  | 'receiving'
  | 'queued'
  | 'running'
  | 'done'
  | 'cancelled'
  | 'failed'
  | 'undoing'
  | 'undone'

export interface ImportTable {
  id: number
  service_id: number
  /** 0 for a file whose rows go to several lists, its parts, and for a trial on a list that the import itself would make. */
  list_id: number
  /** As its users name it; `auto` where its parts have the names. */
  list_name: string
  action: 'add' | 'remove'
  /** What its events say: why those are on the list whom it adds, or `resume`. */
  reason: string
  dry_run: Flag
  state: ImportState
  file_name: string | null
  /** Of the file as it came, in hexadecimal. */
  sha256: string
  bytes: number
  encoding: string
  /** The known export that the file is; its chunks then say when and why. Null for addresses alone. */
  format: string | null
  /** Data rows: skipped + repeated + recipients. */
  rows_read: number
  skipped: number
  repeated: number
  recipients: number
  chunks: number
  /** The first chunk that was not yet applied, or undone. */
  next_chunk: number
  /** Written anew by each transaction that applies a chunk: its other statements find the chunk by it. */
  claim: string | null
  applied: number
  changed: number
  undone: number
  /** Of a dry run: the first recipients who would change. */
  sample_json: string
  created_by: string
  created_at: number
  started_at: number | null
  finished_at: number | null
  undone_at: number | null
  error: string | null
  /** 1 while its chunks and rejects are there. */
  kept: Flag
}

/** What of an import goes to one list, when it goes to several: chunks that follow on each other. */
export interface ImportPartTable {
  import_id: number
  first_chunk: number
  chunks: number
  /** 0 as in the import. */
  list_id: number
  list_name: string
  recipients: number
  changed: number
  undone: number
}

interface ImportChunkTable {
  import_id: number
  /** From 0. */
  number: number
  recipients: number
  /**
   * An array in the order of the keys. Of addresses alone: `[address_key]`, or `[address_key, address]` where the two
   * differ. Of a known export: `[address_key, address or null, requested_at, since, reason or null, message_id or null,
   * evidence_json or null]`.
   */
  rows_json: string
}

interface ImportRejectTable {
  import_id: number
  /** As a spreadsheet counts them: the header is row 1. */
  row_number: number
  text: string
  reason: string
}

/** An end user of a site; there as long as a membership is. */
interface SubscriberTable {
  address_key: string
  site_id: number
  address: string
  /** An object of texts, numbers and flags by name, at most as large as `attributes.ts` allows. */
  attributes_json: string
  created_at: number
  updated_at: number
}

interface SubscriberMembershipTable {
  address_key: string
  service_id: number
  /** The service's, so that a subscriber's memberships are found by the subscriber's key. */
  site_id: number
  state: 'joined' | 'left'
  /** When the state became what it is, and by which way. */
  since: number
  via: string
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

interface PersonTable {
  id: string
  email: string
  name: string
  email_verified: Flag
  image: string | null
  two_factor_enabled: Flag
  role: 'administrator' | 'operator' | 'viewer'
  permissions_json: string
  /** The one site whose services they see; null is every site. */
  site_id: number | null
  services_json: string
  failed_sign_ins: number
  locked_until: number | null
  disabled_at: number | null
  signed_in_at: number | null
  created_at: number
  updated_at: number
}

interface PersonSessionTable {
  id: string
  /** A hash of what stands in the cookie. */
  token: string
  person_id: string
  ip_address: string | null
  user_agent: string | null
  /** When the password was last entered again in it. */
  confirmed_at: number | null
  expires_at: number
  created_at: number
  updated_at: number
}

interface PersonAccountTable {
  id: string
  person_id: string
  provider_id: string
  account_id: string
  /** An scrypt hash. */
  password: string | null
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: number | null
  refresh_token_expires_at: number | null
  scope: string | null
  created_at: number
  updated_at: number
}

interface PersonVerificationTable {
  id: string
  identifier: string
  value: string
  expires_at: number
  created_at: number
  updated_at: number
}

interface PersonSecondFactorTable {
  id: string
  person_id: string
  /** Encrypted by the sign-in library, with a key that the installation's keys derive. */
  secret: string
  backup_codes: string
  verified: Flag
  failed_verifications: number
  locked_until: number | null
}
