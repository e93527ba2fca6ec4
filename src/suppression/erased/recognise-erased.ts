import { hmacSha256 } from '../../kernel/hmac.ts'

/** No address key begins so, or lacks its @. */
const PREFIX = 'erased:'

/** Of three characters. */
const START_BITS = 18

/** The people who were erased in a site, to be recognised where no database can be asked for each. */
export interface ErasedOfSite {
  /** Of the key that hashes. */
  secret: Uint8Array
  /** What stands in the place of each. */
  hashes: readonly string[]
}

/** Whether it stands in the place of somebody's address. */
export function isErased(address: string): boolean {
  return address.startsWith(PREFIX)
}

/** What stands in the place of the owners of address keys, under the secret. */
export function erasureHash(secret: Uint8Array): (addressKey: string) => string {
  const hash = hmacSha256(secret)
  return (addressKey) => PREFIX + hash(addressKey)
}

/** Answers what stands in the place of the owner of an address key; undefined for who was not erased. */
export type RecogniseErased = (addressKey: string) => string | undefined

/** Where nobody was erased. */
export const recogniseNobody: RecogniseErased = () => undefined

export function recogniseErased(erased: ErasedOfSite | undefined): RecogniseErased {
  if (erased === undefined) return recogniseNobody
  const { secret, hashes } = erased
  const hashOf = hmacSha256(secret)
  const known = new Set(hashes.map((hash) => hash.slice(PREFIX.length)))
  const starts = new Uint8Array(1 << START_BITS)
  for (const hash of known) starts[startOf(hash)] = 1
  return (addressKey) => {
    const hash = hashOf(addressKey)
    return starts[startOf(hash)] === 1 && known.has(hash) ? PREFIX + hash : undefined
  }
}

/** The first three characters as a number: a set of texts takes as long for one that was just made as hashing it. */
function startOf(hash: string): number {
  return (hash.charCodeAt(0) & 63) | ((hash.charCodeAt(1) & 63) << 6) | ((hash.charCodeAt(2) & 63) << 12)
}
