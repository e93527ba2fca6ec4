import { randomBytes, timingSafeEqual } from 'node:crypto'
import { invalid } from '../kernel/domain-error.ts'
import type { DerivedKeys, Keyring } from '../kernel/keyring.ts'
import { keyedHash } from '../kernel/sealing.ts'

export const SHORTEST_KEY = 8
/** 32 characters of base64url. */
const KEY_BYTES = 24

/** A key as it is stored: a keyed hash, and the id of the secret that it was made with. */
export interface StoredKey {
  hash: string
  secretId: string
}

/** What a user may sign in with: its key, and the previous one for as long as both are accepted. */
export interface StoredKeys {
  key: StoredKey
  /** `until` is UTC epoch milliseconds. */
  previous: (StoredKey & { until: number }) | null
}

/** Random: 32 characters of base64url. */
export function newApiKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url')
}

/** Throws DomainError `invalid-value` (`key`). */
export function refuseShortKey(key: string): void {
  if (key.length < SHORTEST_KEY) throw invalid('key', `must have at least ${SHORTEST_KEY} characters`)
}

/** The hash of a key under every secret, by the secret's id. */
export function hashesOf(keyring: Keyring, key: string): Map<string, string> {
  return new Map(keyring.all().map((keys) => [keys.id, keyedHash(keys, key)]))
}

/** A key hashed under this secret; a new one under the keyring's newest. */
export function storedKey(keys: DerivedKeys, key: string): StoredKey {
  return { hash: keyedHash(keys, key), secretId: keys.id }
}

/** The keys that are accepted now. */
export function acceptedKeys({ key, previous }: StoredKeys, now: number): StoredKey[] {
  return previous && previous.until > now ? [key, previous] : [key]
}

/** Whether the given key, hashed by `hashesOf`, is this one. Compares in constant time. */
export function isKey({ hash, secretId }: StoredKey, given: ReadonlyMap<string, string>): boolean {
  const [stored, offered] = [Buffer.from(hash), Buffer.from(given.get(secretId) ?? '')]
  return stored.length === offered.length && timingSafeEqual(stored, offered)
}
