import { addressKey } from '../kernel/address.ts'
import { mentionedAddresses } from '../mail/mentioned-addresses.ts'
import type { Database } from '../storage/database.ts'
import { blankMail } from '../subscribers/erase/blank-mail.ts'
import type { ErasedPeople } from '../suppression/erased/erased.ts'
import { isErased } from '../suppression/erased/recognise-erased.ts'
import { findService } from '../tenants/service.ts'
import type { InboundMail, Judgement } from './inbound-mail.ts'
import { readOnce } from './read-once.ts'

const mentionedOnce = readOnce(mentionedAddresses)

/**
 * What is kept of a mail that is about an erased person, or names one: only what became of it. Undefined for every
 * other mail.
 */
export async function withoutErased(
  { database, erased }: { database: Database; erased: Pick<ErasedPeople, 'find' | 'isSomeone'> },
  { raw, sender, recipient }: Pick<InboundMail, 'raw' | 'sender' | 'recipient'>,
  { address, serviceId, detail }: Judgement,
): Promise<ReturnType<typeof blankMail> | undefined> {
  if (!(await erased.isSomeone())) return undefined
  if (address !== null && isErased(address)) return blankMail(address, detail)
  const mentioned = mentionedOnce(raw)
  // It names more addresses than can be looked up.
  if (!mentioned) return blankMail(null, detail)
  const envelope = [address, sender, recipient].flatMap((one) => addressKey(one ?? '') ?? [])
  const sites = serviceId === null ? undefined : [(await findService(database, serviceId)).siteId]
  const hashes = await erased.find([...new Set([...mentioned, ...envelope])], sites)
  if (hashes.size === 0) return undefined
  // Somebody else whom it names is not the one it is about.
  return blankMail(hashes.get(addressKey(address ?? '') ?? '') ?? null, detail)
}
