import type { Flag } from './flag.ts'
import type { ImportChunkTable, ImportPartTable, ImportRejectTable, ImportTable } from './import-tables.ts'
import type {
  ContentTable,
  DayCountTable,
  DeliveryTable,
  DkimKeyTable,
  InboundMailTable,
  MessageTable,
} from './mail-tables.ts'
import type {
  PersonAccountTable,
  PersonSecondFactorTable,
  PersonSessionTable,
  PersonTable,
  PersonVerificationTable,
} from './people-tables.ts'

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
  service_logo: ServiceLogoTable
  dkim_key: DkimKeyTable
  lease: LeaseTable
  import: ImportTable
  import_part: ImportPartTable
  import_chunk: ImportChunkTable
  import_reject: ImportRejectTable
  subscriber: SubscriberTable
  subscriber_membership: SubscriberMembershipTable
  subscriber_user_id: { address_key: string; site_id: number; user_id: string }
  form: FormTable
  /** Texts that people agreed to by forms, by their SHA-256 in base64url. */
  consent_text: { hash: string; text: string; kept_at: number }
  agreement: AgreementTable
  /** `address_key` is a keyed hash. */
  erased: { site_id: number; address_key: string; erased_at: number }
  erasure: ErasureTable
  audit_entry: AuditEntryTable
  person: PersonTable
  person_session: PersonSessionTable
  person_account: PersonAccountTable
  person_verification: PersonVerificationTable
  person_second_factor: PersonSecondFactorTable
}

export type ListKind = 'sender' | 'filter' | 'hard-bounces' | 'complaints' | 'blocklist'

interface ServiceTable {
  id: number
  site_id: number
  name: string
  time_zone: string
  allowed_domains_json: string
  lifetime_days_json: string
  settings_json: string
  /** How the public pages look and speak. */
  page_json: string
  created_at: number
}

/** On public pages, under `logo_id`, which is made of the bytes. */
interface ServiceLogoTable {
  service_id: number
  logo_id: string
  type: 'image/png' | 'image/jpeg' | 'image/webp'
  width: number
  height: number
  bytes: Uint8Array
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
  /** The zone in which this user's dates are read and the times in its answers written; null means the service's. */
  time_zone: string | null
  created_at: number
  /** To within ten minutes. */
  last_used_at: number | null
  /** The previous key, which is accepted beside the new one until `previous_until`. */
  previous_key_hash: string | null
  previous_hash_key_id: string | null
  previous_until: number | null
  previous_used_at: number | null
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
  /**
   * The time of the change that made the row what it is, adjusted so that it grows with each change: the key of its
   * event.
   */
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

/** How close passing failures have brought an address to `hard-bounces`, which alone excludes. */
interface ErrorCountTable {
  address_key: string
  service_id: number
  address: string
  /** Ten times the count, 0 to 990. */
  tenths: number
  registered_at: number
  updated_at: number
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

/**
 * Somebody who is to be made deliverable again when the service's hour comes, unless they ask again to stop before
 * that.
 */
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

interface LeaseTable {
  name: string
  owner: string
  epoch: number
  expires_at: number
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

/** A registration form (PC登録フォーム) of a service. */
interface FormTable {
  /** In its public URL. */
  id: string
  service_id: number
  /** For those who edit it. */
  name: string
  active: Flag
  /** Grows with each change. */
  revision: number
  /** Texts, fields and rules, as `form-rules.ts` allows. */
  definition_json: string
  created_at: number
  updated_at: number
}

/**
 * Somebody's consent given by a registration form; written once. An erased person has the hash as their key, and no
 * origin.
 */
export interface AgreementTable {
  address_key: string
  service_id: number
  /** When the form was sent off. */
  agreed_at: number
  form_id: string
  form_name: string | null
  form_revision: number
  language: 'ja' | 'en'
  /** Of a `consent_text`; null where the form asked for no consent. */
  text_hash: string | null
  /** From where the form was sent off, and below from where it was confirmed by the link in the mail. */
  evidence_json: string | null
  confirmed_at: number | null
  confirmation_json: string | null
}

/** Somebody is to be erased, or was: then it is a receipt. */
interface ErasureTable {
  id: string
  site_id: number
  /** What stands in the place of the person. */
  hash: string
  /** Of the secret key that makes the hash. */
  key_id: string
  /** Null once it is finished. */
  sealed_person: string | null
  requested_by: string
  requested_at: number
  /** How often it was asked for while it was under way. */
  asked: number
  /** The table that is looked through, and how many rows were by now. */
  looking_at: string | null
  looked: number
  replaced_json: string
  finished_at: number | null
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
