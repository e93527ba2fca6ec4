import type { DkimFinding } from '../../../delivery/dkim/dkim-check.ts'
import type { SenderKey } from '../../../delivery/dkim/keys-of-sender.ts'
import type { Service } from '../../../tenants/service.ts'

/** What else DNS and the network have for a sender, as the doctor finds it. */
export interface DomainFinding {
  name: string
  status: 'ok' | 'warning' | 'failed'
  detail: string
  advice?: string
  verdict?: string
  seen?: string
}

export interface SenderDns {
  address: string
  domain: string
  keys: SenderKey[]
}

type FoundInDns = Omit<DkimFinding, 'key'> & { key: SenderKey }

/** What a sender's domain has to publish; a sender is named by the id of its list. */
export interface SenderDnsParts {
  /** Throws DomainError `unknown-sender`. */
  find(service: Service, classId: string): Promise<SenderDns>
  /** Asks DNS, for some seconds at most. Changes nothing. Throws the same. */
  check(
    service: Service,
    classId: string,
  ): Promise<{ domain: string; keys: FoundInDns[]; findings: DomainFinding[] }>
}
