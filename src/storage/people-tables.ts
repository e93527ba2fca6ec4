import type { Flag } from './flag.ts'

/** The tables of the people who work in the console: see `tables.ts`. */

export interface PersonTable {
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

export interface PersonSessionTable {
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
  /** When it was last used, to within a minute. */
  updated_at: number
}

export interface PersonAccountTable {
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

export interface PersonVerificationTable {
  id: string
  identifier: string
  value: string
  expires_at: number
  created_at: number
  updated_at: number
}

export interface PersonSecondFactorTable {
  id: string
  person_id: string
  /** Encrypted by the sign-in library, with a key that the installation's keys derive. */
  secret: string
  backup_codes: string
  verified: Flag
  failed_verifications: number
  locked_until: number | null
}
