import { hmacSha256 } from '../../kernel/hmac.ts'

/** No address key begins like this, and none lacks an @. */
const PREFIX = 'erased:'

/** The bits of three characters of base64url. */
const START_BITS = 18

/** The people whom a site erased, to be recognised where the database cannot be asked about each address. */
export interface ErasedOfSite {
  /** The secret of the key that hashes. */
  secret: Uint8Array
  /** The hash that stands for each. */
  hashes: readonly string[]
}

/** Whether this is a hash that stands for somebody's address. */
export function isErased(address: string): boolean {
  return address.startsWith(PREFIX)
}

/** Makes the function from address keys to the hashes that stand for them, under the secret. */
export function erasureHash(secret: Uint8Array): (addressKey: string) => string {
  const hash = hmacSha256(secret)
  return (addressKey) => PREFIX + hash(addressKey)
}

/** The hash that stands for the owner of an address key; undefined when they were not erased. */
export type RecogniseErased = (addressKey: string) => string | undefined

/** For sites that erased nobody. */
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

/**
 * The first three characters as a number: looking a fresh text up in a set of texts takes as long as making the hash.
 */
function startOf(hash: string): number {
  return (hash.charCodeAt(0) & 63) | ((hash.charCodeAt(1) & 63) << 6) | ((hash.charCodeAt(2) & 63) << 12)
}
