import type { Address } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { headerFields, valuesOf } from '../../mail/header-block.ts'
import { soleMailbox } from '../../mail/sole-mailbox.ts'
import type { Service } from '../../tenants/service.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'

/** Throws DomainError `from-not-allowed` unless From is a sender of the service or of a domain that it may use. */
export function requireAllowedFrom(service: Service, { senders }: ServiceLists, from: Address): void {
  if (senders.has(from.key) || service.allowedDomains.includes(from.domain)) return
  throw new DomainError(
    'from-not-allowed',
    `${from.address} is not a sender of ${service.name}: register it, or allow its domain`,
    { field: 'from' },
  )
}

/** Throws DomainError `invalid-value` unless a whole message has one From field with just this address. */
export function requireSameFrom(raw: Buffer, from: Address): void {
  const values = valuesOf(headerFields(raw), 'From')
  if (values.length === 1 && soleMailbox(values[0] as string)?.key === from.key) return
  throw invalid('raw', `must have exactly one From field, with ${from.address}`)
}
