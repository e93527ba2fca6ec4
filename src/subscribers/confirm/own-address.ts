import type { Address } from '../../kernel/address.ts'

/**
 * Mail to ourselves would come back in, and be answered again: senders of the service, and whatever is below the inbound
 * domain.
 */
export function isOwnAddress(
  { key, domain }: Address,
  senders: readonly { addressKey: string }[],
  inboundDomain: string | undefined,
): boolean {
  return (
    senders.some(({ addressKey }) => addressKey === key) ||
    (inboundDomain !== undefined && (domain === inboundDomain || domain.endsWith(`.${inboundDomain}`)))
  )
}
