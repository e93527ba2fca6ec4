/** A mail as far as it decides who may get it. */
export interface CheckedMail {
  from: string
  /** What filters look at; an array for a header that occurs several times. */
  headers?: Record<string, string | string[]>
  /** Opt-outs do not apply. */
  transactional?: boolean
}

export interface MintRequest {
  from: string
  to: string
  /** Of the mail that will carry the pair. */
  messageId?: string
  headers?: Record<string, string | string[]>
}

/** Beside these, whatever else `POST …/deliveries` takes. */
export interface DeliveryRequest {
  from: string
  /** Not with `raw`. */
  subject?: string
  text?: string
  html?: string
  /** A whole message, as text or in base64. */
  raw?: string
  recipients: { to: string; substitutions?: Record<string, string>; unsubscribeUrl?: string }[]
  /** A repeat under the same one is answered like the first. Made up unless given. */
  requestId?: string
  sendAt?: string
  transactional?: boolean
  [other: string]: unknown
}

export interface SuppressionSearch {
  list?: string
  address?: string
  /** A part of the address. */
  contains?: string
  state?: 'active' | 'inactive' | 'lapsed'
  from?: string
  to?: string
}

export interface ImportRequest {
  list: string
  action: 'add' | 'remove'
  dryRun?: boolean
  format?: 'csv' | 'text'
  encoding?: string
  /** Of the file; that of a CSV ends in .csv. */
  name?: string
}

/** Of which export `GET …/exports/…` has which. */
export type ExportFilter = Record<string, string | number | undefined>

export interface FileForm {
  format?: 'csv' | 'ndjson'
  /** Begins CSV with a byte order mark. */
  bom?: boolean
  /** `neutral`: a tab stands before what a spreadsheet would calculate. Of CSV that is not in a zip. */
  formulas?: 'kept' | 'neutral'
  compress?: 'none' | 'gzip' | 'zip'
  encryption?: 'zipcrypto' | 'aes-256'
}

export type ExportName =
  | 'one-click'
  | 'unsubscribes'
  | 'hard-bounces'
  | 'complaints'
  | 'blocklist'
  | 'filter'
  | 'events'
  | 'expiring'
