import type { RelayTrial } from '../../../delivery/relay/try-relay.ts'
import type { Service } from '../../../tenants/service.ts'

/** A service's own relay, which nobody is shown the password of; null is the installation's. */
interface ServiceRelay {
  url: string | null
  revision: string
}

export interface ServiceRelayParts {
  view(service: Service): Promise<ServiceRelay>
  /**
   * From now on mail of the service goes by it, in every process within 5 seconds. Throws DomainError
   * `changed-meanwhile`.
   */
  set(
    service: Service,
    change: { url: string | null; revision?: string | undefined },
    actor: string,
  ): Promise<ServiceRelay>
  /**
   * Tries the relay of a URL, or else the one that the service has, for ten seconds at most; mails nobody. One trial of
   * a service at a time: throws DomainError `wrong-state`.
   */
  try(service: Service, url: string | undefined, actor: string): Promise<RelayTrial>
}
