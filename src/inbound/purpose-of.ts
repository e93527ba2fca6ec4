import type { Database } from '../storage/database.ts'
import { findServiceIfAny } from '../tenants/service.ts'
import type { InboundAddresses, Purpose } from './addresses.ts'

/** What a recipient address is for; undefined when mail for it is not taken. Rejects with DatabaseUnavailable. */
export type PurposeOf = (address: string) => Promise<Purpose | undefined>

/**
 * Asked for each recipient before a mail is taken: an address of a service counts only as long as the service wants its
 * mail.
 */
export function createPurposeOf(database: Database, addresses: InboundAddresses | undefined): PurposeOf {
  return async (address) => {
    const purpose = addresses?.read(address)
    if (!purpose || !('serviceId' in purpose)) return purpose
    const service = await findServiceIfAny(database, purpose.serviceId)
    const isSwitchedOff = purpose.kind === 'sign-up' && service?.settings.blankMail === 'off'
    return service && !isSwitchedOff ? purpose : undefined
  }
}
