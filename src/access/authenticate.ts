import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Database } from '../storage/database.ts'
import { isStorableText } from '../storage/row-set.ts'
import {
  type ApiUser,
  findApiUserByName,
  findApiUsersByHash,
  type StoredApiUser,
  withoutKey,
} from './api-user.ts'
import { renewKeyHash } from './api-user-changes.ts'
import { acceptedKeys, hashesOf, isKey } from './api-user-key.ts'
import { createRefusals, type Guesser, type Refusal } from './refusals.ts'

/** What a program signs in with: a key alone, or a name and its key. */
export interface Credentials {
  name?: string | undefined
  key: string
  /** Where they come from; wrong ones are counted by it. */
  clientAddress?: string | undefined
}

/**
 * Throws DomainError `unauthenticated`, the same for an unknown user as for a wrong key. Rejects with
 * DatabaseUnavailable when the database cannot be asked.
 */
export type Authenticate = (
  credentials: Credentials,
  isMeant?: (user: ApiUser) => boolean,
) => Promise<ApiUser>

export interface AuthenticateParts {
  database: Database
  keyring: Keyring
  clock: Clock
  /** Resolves after this many milliseconds. */
  sleep(ms: number): Promise<unknown>
  /** Counts a refusal. */
  onRefused(refusal: Refusal): void
  /** Called for everyone who has signed in; says whether it was by the previous key. */
  onAccepted?(user: ApiUser, clientAddress: string | undefined, byPreviousKey: boolean): void
}

/**
 * Signs API users in. A wrong guess is slowed and counted, and nobody is ever locked out: whoever knows a name could
 * otherwise stop its mail. The work is the same whether the user exists or not.
 */
export function createAuthenticate(parts: AuthenticateParts): Authenticate {
  const { database, keyring, clock } = parts
  const refusals = createRefusals(clock)
  const refuse = async (guesser: Guesser, message: string): Promise<never> => {
    const refusal = refusals(guesser)
    parts.onRefused(refusal)
    await parts.sleep(refusal.delayMs)
    throw new DomainError('unauthenticated', message)
  }
  return async ({ name, key, clientAddress }, isMeant = () => true) => {
    const hashes = hashesOf(keyring, key)
    const candidates = await findCandidates(database, name, [...hashes.values()])
    const now = clock()
    const matching = candidates.flatMap((user) => {
      const used = acceptedKeys(user, now).find((stored) => isKey(stored, hashes))
      return used ? [{ user, used }] : []
    })
    const [match, another] = matching
    if (!match || !isMeant(withoutKey(match.user)))
      return refuse({ name, clientAddress }, 'the credentials are wrong')
    if (another) {
      return refuse(
        { clientAddress },
        'several API users have this key: sign in with HTTP Basic, as name and key',
      )
    }
    const { user, used } = match
    if (used.secretId !== keyring.newest.id) await renewKeyHash(database, keyring.newest, { user, used, key })
    const accepted = withoutKey(user)
    parts.onAccepted?.(accepted, clientAddress, used !== user.key)
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
