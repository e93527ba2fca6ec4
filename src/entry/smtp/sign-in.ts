import { type ApiUser, type StoredApiUser, withoutKey } from '../../access/api-user.ts'
import type { Authenticate } from '../../access/authenticate.ts'
import { authorise } from '../../access/authorise.ts'
import { pickService } from '../../access/pick-service.ts'
import { type RequireKey, watchKey } from '../../access/watch-key.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import type { Service } from '../../tenants/service.ts'

/** Whose mail comes through a connection. */
export interface SignedIn {
  user: ApiUser
  service: Service
  /** Of the key that was given. */
  requireKey: RequireKey
  /** When user and service were last read, in UTC epoch milliseconds. */
  readAt: number
}

export interface SignInParts {
  authenticate: Authenticate
  findApiUser(name: string): Promise<StoredApiUser | undefined>
  findServices(siteId: number): Promise<Service[]>
  clock: Clock
  keyring: Keyring
}

export interface SignIn {
  /**
   * Signs in with the name of an API user, or NAME+SERVICE, and its key. Throws DomainError `unauthenticated`, `forbidden`
   * or `unknown-service`; rejects with DatabaseUnavailable.
   */
  signIn(name: string, key: string, clientAddress?: string): Promise<SignedIn>
  /**
   * The same user and service as they are now: a key that ended and rights that were taken away end on open connections
   * too. Throws the same.
   */
  renew(signedIn: SignedIn): Promise<SignedIn>
}

/** A connection may bring hundreds of mails a second. */
const FRESH_MS = 5_000
/** Names may hold plus signs themselves, and each way of reading one costs a look-up. */
const MOST_READINGS = 10

export function createSignIn(parts: SignInParts): SignIn {
  const { authenticate, findApiUser, findServices, clock, keyring } = parts
  return {
    signIn: async (login, key, clientAddress) => {
      const { name, suffix } = await whoIsMeant(login, findApiUser)
      const user = await authenticate({ name, key, clientAddress })
      const service = serviceOf(user, await findServices(user.siteId), suffix)
      return { user, service, requireKey: watchKey(keyring, clock, key), readAt: clock() }
    },
    renew: async (signedIn) => {
      const now = clock()
      if (now - signedIn.readAt < FRESH_MS) return signedIn
      const { requireKey } = signedIn
      const stored = await findApiUser(signedIn.user.name)
      if (!stored) throw new DomainError('forbidden', `there is no API user ${signedIn.user.name} any more`)
      requireKey(stored)
      const user = withoutKey(stored)
      const services = await findServices(user.siteId)
      const service = serviceOf(user, services, String(signedIn.service.id))
      return { user, service, requireKey, readAt: now }
    },
  }
}

interface Reading {
  name: string
  /** Names a service, by name or id. */
  suffix?: string
}

/** The whole name when there is such a user, else what stands before a plus sign, the last one first. */
async function whoIsMeant(login: string, findApiUser: SignInParts['findApiUser']): Promise<Reading> {
  for (const reading of readings(login)) {
    if (await findApiUser(reading.name)) return reading
  }
  return { name: login }
}

function readings(login: string): Reading[] {
  const found: Reading[] = [{ name: login }]
  for (let at = login.lastIndexOf('+'); at > 0; at = login.lastIndexOf('+', at - 1)) {
    found.push({ name: login.slice(0, at), suffix: login.slice(at + 1) })
  }
  return found.slice(0, MOST_READINGS)
}

function serviceOf(user: ApiUser, services: readonly Service[], suffix: string | undefined): Service {
  const how = (example: string) => `sign in as NAME+SERVICE, e.g. ${user.name}+${example}`
  const service = pickService(user, services, suffix, how)
  authorise({ kind: 'api-user', user }, service, 'send')
  return service
}
