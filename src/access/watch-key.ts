import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { StoredApiUser } from './api-user.ts'
import { acceptedKeys, hashesOf, isKey } from './api-user-key.ts'

/**
 * Holds a connection to the key by which its user signed in. Throws DomainError `forbidden` when that key has ended,
 * and `unavailable` when it was rehashed under a secret that is newer than the sign-in: signing in again succeeds then.
 */
export type RequireKey = (user: StoredApiUser) => void

/** Keeps the hashes of the key, not the key itself. */
export function watchKey(keyring: Keyring, clock: Clock, key: string): RequireKey {
  const hashes = hashesOf(keyring, key)
  return (user) => {
    const accepted = acceptedKeys(user, clock())
    if (accepted.some((stored) => isKey(stored, hashes))) return
    if (accepted.some(({ secretId }) => !hashes.has(secretId))) {
      throw new DomainError('unavailable', 'sign in again')
    }
    throw new DomainError('forbidden', `the key of ${user.name} has ended`)
  }
}
