import { addressKey } from '../kernel/address.ts'
import type { MailedMessage } from '../messages/reading/find-mailed.ts'
import type { ErasedPeople } from '../suppression/erased/erased.ts'
import { isErased } from '../suppression/erased/recognise-erased.ts'

/** Makes a test of whether the message was for a given address, also when its recipient was erased since. */
export async function recipientTest(
  erased: Pick<ErasedPeople, 'find'>,
  { address_key }: MailedMessage,
  named: readonly { address: string | null }[],
): Promise<(address: string) => boolean> {
  const keys = isErased(address_key) ? named.flatMap(({ address }) => addressKey(address ?? '') ?? []) : []
  const hashes = await erased.find(keys)
  return (address) => {
    const key = addressKey(address)
    if (key === undefined) return isWithinHost(address, address_key)
    return isSamePerson(key, address_key) || hashes.get(key) === address_key
  }
}

/**
 * The same address, or as a host of the recipient's own domain writes it: `user@mx1.example.com` for
 * `user@example.com`.
 */
function isSamePerson(named: string, mailed: string): boolean {
  if (named === mailed) return true
  const at = mailed.lastIndexOf('@')
  return named.startsWith(mailed.slice(0, at + 1)) && named.endsWith(`.${mailed.slice(at + 1)}`)
}

/** As the recipient's own hosts write it without their domain: `user@mailstore01`. */
function isWithinHost(named: string, mailed: string): boolean {
  const [, local = '', host = ''] = /^<?([^@]+)@([^@>.]+)>?$/.exec(named) ?? []
  return host !== '' && `${local.toLowerCase()}@` === mailed.slice(0, mailed.lastIndexOf('@') + 1)
}
