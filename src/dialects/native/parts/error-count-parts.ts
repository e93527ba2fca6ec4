import type { ErrorCount } from '../../../bounces/acting/error-count.ts'
import type { Address } from '../../../kernel/address.ts'
import type { Service } from '../../../tenants/service.ts'

/** How often mail to addresses came back for passing reasons. */
export interface ErrorCountParts {
  /** In the order of the addresses; those whose mail never came back are left out. */
  find(service: Service, addresses: readonly string[]): Promise<{ items: ErrorCount[]; malformed: string[] }>
  set(
    service: Service,
    counts: readonly { recipient: Pick<Address, 'address' | 'key'>; count: number }[],
    actor: string,
  ): Promise<void>
}
