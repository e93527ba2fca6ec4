import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { keyedHash } from '../kernel/sealing.ts'
import type { Database } from '../storage/database.ts'
import { isStorableText } from '../storage/row-set.ts'
import {
  type ApiUser,
  findApiUserByName,
  findApiUsersByHash,
  hasHash,
  renewKeyHash,
  type StoredApiUser,
  withoutKey,
} from './api-user.ts'
import { createRefusals, type Guesser, type Refusal } from './refusals.ts'

/** What a program signs in with: a key alone, or a name and its key. */
export interface Credentials {
  name?: string | undefined
  key: string
  /** Where they come from: wrong ones are counted by it. */
  clientAddress?: string | undefined
}

/**
 * Throws DomainError `unauthenticated`, for a user who is not meant in the same way as for a wrong key. Rejects with
 * DatabaseUnavailable when it cannot be told.
 */
export type Authenticate = (
  credentials: Credentials,
  isMeant?: (user: ApiUser) => boolean,
) => Promise<ApiUser>

export interface AuthenticateParts {
  database: Database
  keyring: Keyring
  clock: Clock
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<unknown>
  /** Counts a refusal. */
  onRefused(refusal: Refusal): void
  /** Told of everyone who has signed in. */
  onAccepted?(user: ApiUser, clientAddress: string | undefined): void
}

/**
 * Signs API users in. A wrong guess is slowed and counted, and nobody is ever locked out: whoever knows a name could
 * otherwise stop its mail. The work is the same whether the user exists or not.
 */
export function createAuthenticate(parts: AuthenticateParts): Authenticate {
  const { database, keyring } = parts
  const refusals = createRefusals(parts.clock)
  const refuse = async (guesser: Guesser, message: string): Promise<never> => {
    const refusal = refusals(guesser)
    parts.onRefused(refusal)
    await parts.sleep(refusal.delayMs)
    throw new DomainError('unauthenticated', message)
  }
  return async ({ name, key, clientAddress }, isMeant = () => true) => {
    const hashes = new Map(keyring.all().map((keys) => [keys.id, keyedHash(keys, key)]))
    const candidates = await findCandidates(database, name, [...hashes.values()])
    const matching = candidates.filter((user) => hasHash(user, hashes.get(user.hashKeyId) ?? ''))
    const [user, another] = matching
    if (!user || !isMeant(withoutKey(user)))
      return refuse({ name, clientAddress }, 'the credentials are wrong')
    if (another) {
      return refuse(
        { clientAddress },
        'several API users have this key: sign in with HTTP Basic, as name and key',
      )
    }
    if (user.hashKeyId !== keyring.newest.id) await renewKeyHash(database, keyring.newest, user, key)
    const accepted = withoutKey(user)
    parts.onAccepted?.(accepted, clientAddress)
    return accepted
  }
}

async function findCandidates(
  database: Database,
  name: string | undefined,
  hashes: string[],
): Promise<StoredApiUser[]> {
  if (name === undefined) return findApiUsersByHash(database, hashes)
  const user = isStorableText(name) ? await findApiUserByName(database, name) : undefined
  return user ? [user] : []
}
