import type { NewAuditEntry } from '../../audit/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import type { Database } from '../../storage/database.ts'
import type { IdSource } from '../../storage/id-block.ts'
import type { Service } from '../../tenants/service.ts'
import type { Role } from '../api-user.ts'
import type { ProvisionForms } from './provision-forms.ts'

/** What provisioning is carried out with. */
export interface ProvisionParts {
  database: Database
  keyring: Keyring
  clock: Clock
  listIds: IdSource
  apiUserIds: IdSource
  baseUrl(list: { classId: string }): string
  /** Where mail for a service comes in; null for what it does not take. */
  inboundAddresses(service: Service): InboundOf
  relays: ServiceSecret & {
    /** As it may be shown; null where the service has none. */
    shown(serviceId: number): Promise<string | null>
  }
  /** Of ZIP files. */
  exportPasswords: ServiceSecret & { isSet(serviceId: number): Promise<boolean> }
  forms: ProvisionForms
  record(entry: Omit<NewAuditEntry, 'at' | 'actor'>): Promise<void>
}

/** A secret of a service, kept sealed. */
interface ServiceSecret {
  /** Null removes it. Answers whether anything changed. */
  set(serviceId: number, value: string | null): Promise<boolean>
}

/**
 * A service's addresses for mail that comes in; null where there is no inbound domain, or the service takes none of the
 * kind.
 */
interface InboundOf {
  /** A mail to it makes its sender join (空メール). */
  signUp: string | null
  /** To be given to feedback loops. */
  complaints: string | null
  /** The mailto address beside the links. */
  unsubscribe: string | null
}

/** What the file names, as it is now, with the ids that others need. */
export interface Provisioned {
  sites: ProvisionedSite[]
}

export interface ProvisionedSite {
  id: number
  name: string
  apiUsers: { name: string; role: Role }[]
  services: ProvisionedService[]
}

export interface ProvisionedService {
  id: number
  name: string
  senders: { address: string; oneClick: boolean; classId: string; baseUrl: string }[]
  filters: { name: string; classId: string; baseUrl: string }[]
  forms: { name: string; id: string; url: string }[]
  inbound: InboundOf
}
