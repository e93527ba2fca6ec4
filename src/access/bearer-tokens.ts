import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { seal, unseal } from '../kernel/sealing.ts'
import type { Database } from '../storage/database.ts'
import { type ApiUser, findApiUserByName, type StoredApiUser, withoutKey } from './api-user.ts'
import { acceptedKeys } from './api-user-key.ts'

export interface BearerTokens {
  /** A token that stands for the user's key for an hour; with the service that was named, if one was. */
  issue(user: ApiUser, service: string | undefined): Promise<string>
  /**
   * Who holds a token, and for which service it was issued; undefined for anything but a token of ours. Throws
   * DomainError `unauthenticated` when it has expired, its user is gone, or a key that it may stand for is no longer
   * accepted.
   */
  open(token: string): Promise<{ user: ApiUser; service: string | undefined } | undefined>
}

const VALID_MS = 3_600_000
/** Sealed under a name of its own, so that nothing else that was sealed can pass for a token. */
const PLACE = 'bearer token'
const FORM = /^[\w-]{1,32}\.[\w-]{32,2000}$/

/** Nothing is stored: the token itself says whose it is, sealed. */
export function createBearerTokens({
  database,
  keyring,
  clock,
}: {
  database: Database
  keyring: Keyring
  clock: Clock
}): BearerTokens {
  const taken = (user: StoredApiUser) => acceptedKeys(user, clock()).map(({ hash }) => hash)
  const overdue = () => new DomainError('unauthenticated', 'the token has expired: get a new one')
  return {
    issue: async ({ name }, service) => {
      const user = await findApiUserByName(database, name)
      if (!user) throw overdue()
      return seal(keyring, PLACE, JSON.stringify([name, taken(user), clock() + VALID_MS, service ?? null]))
    },
    open: async (token) => {
      const content = FORM.test(token) ? unsealed(keyring, token) : undefined
      if (content === undefined) return undefined
      const [name, hashes, until, service] = JSON.parse(content)
      const user = until > clock() ? await findApiUserByName(database, name) : undefined
      // Which of two keys it was issued for is not known, so it ends with whichever ends first. A token from an earlier
      // release holds one hash.
      if (!user || ![hashes].flat().every((hash) => taken(user).includes(hash))) throw overdue()
      return { user: withoutKey(user), service: service ?? undefined }
    },
  }
}

function unsealed(keyring: Keyring, token: string): string | undefined {
  try {
    return unseal(keyring, PLACE, token)
  } catch {
    return undefined
  }
}
