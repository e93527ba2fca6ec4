import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { StoredApiUser } from './api-user.ts'
import { acceptedKeys, hashesOf, isKey } from './api-user-key.ts'

/**
 * Whether the key by which somebody signed in is still taken, for connections that outlive it. Throws DomainError
 * `forbidden` when it ended, and `unavailable` when its hash was made anew under a secret that came since: then whoever
 * signs in again is let in.
 */
export type RequireKey = (user: StoredApiUser) => void

/** The key itself is not kept. */
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
