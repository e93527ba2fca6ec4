import { randomBytes } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import {
  AUTH_PATH,
  type AuthLibraryParts,
  COOKIE_PREFIX,
  openAuthLibrary,
  SIGN_IN_PAGE,
  SSO_CALLBACK,
  SSO_SIGN_IN,
} from './auth-library.ts'
import { createIssuerCheck, WrongProvider } from './oidc-issuer.ts'
import { findPersonById, type Person } from './person.ts'
import { noteUse } from './sessions.ts'
import { createSignInLock } from './sign-in-lock.ts'

export interface ConsoleAuthParts extends AuthLibraryParts {
  clock: Clock
}

/** Somebody who is signed in, and when they last entered their password again. */
export interface PersonSession {
  id: string
  person: Person
  confirmedAt: number | null
}

export interface ConsoleAuth {
  /** Answers what lies below `/console/auth`. */
  handle(request: Request): Promise<Response>
  /** Undefined when these headers sign nobody in, or the person may no longer work here. */
  sessionOf(headers: Headers): Promise<PersonSession | undefined>
  /** Has the signed-in person confirm by their password. Throws DomainError `unauthenticated` when it is wrong. */
  confirm(session: PersonSession, headers: Headers, password: string): Promise<void>
  /** A secret with which the person sets a password; valid once, for three days. */
  makeSetPasswordToken(personId: string): Promise<string>
  hasSso: boolean
}

const SET_PASSWORD_MS = 3 * 86_400_000

/** The library's routes that can be reached. Nobody signs up: administrators enter people. */
const REACHABLE = new Set([
  '/sign-in/email',
  '/sign-out',
  '/reset-password',
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  SSO_SIGN_IN,
  SSO_CALLBACK,
])

/**
 * Signs people in to the console, by better-auth, which is loaded when the first one comes. Its cookies and what it
 * encrypts go by keys that the installation's keys derive: every process with the same keys takes them.
 */
export function createConsoleAuth(parts: ConsoleAuthParts): ConsoleAuth {
  const { database, clock, keyring } = parts
  const lock = createSignInLock(database, clock)
  const checkIssuer = parts.oidc ? createIssuerCheck(parts.oidc.issuer) : undefined
  let loaded: { keyId: string; auth: ReturnType<typeof openAuthLibrary> } | undefined
  const library = () => {
    // After a rotation the new key signs; what older ones encrypted still opens.
    if (loaded?.keyId !== keyring.newest.id)
      loaded = { keyId: keyring.newest.id, auth: openAuthLibrary(parts, lock) }
    return loaded.auth
  }
  const passwordIsRight = async (headers: Headers, password: string) => {
    const auth = await library()
    return auth.api.verifyPassword({ headers, body: { password } }).then(
      () => true,
      () => false,
    )
  }
  return {
    hasSso: parts.oidc !== undefined,
    handle: async (request) => {
      const path = new URL(request.url).pathname.slice(AUTH_PATH.length)
      if (!REACHABLE.has(path)) return Response.json({ code: 'NOT_FOUND' }, { status: 404 })
      if (path === SSO_SIGN_IN || path === SSO_CALLBACK) {
        try {
          await checkIssuer?.()
        } catch (error) {
          if (!(error instanceof WrongProvider)) throw error
          parts.onError(error)
          return refuseSso(path)
        }
      }
      return (await library()).handler(request)
    },
    sessionOf: async (headers) => {
      if (!headers.get('cookie')?.includes(COOKIE_PREFIX)) return undefined
      const found = await (await library()).api.getSession({ headers })
      if (!found) return undefined
      const person = await findPersonById(database, found.user.id)
      if (!person || person.disabledAt !== null) return undefined
      const [row] = await database.read(
        database.query
          .selectFrom('person_session')
          .select(['confirmed_at', 'updated_at'])
          .where('id', '=', found.session.id),
      )
      if (row) noteUse(parts, { id: found.session.id, lastUsedAt: row.updated_at }, clock())
      return { id: found.session.id, person, confirmedAt: row?.confirmed_at ?? null }
    },
    confirm: async ({ id, person }, headers, password) => {
      if (!(await lock.admits(person.email)) || !(await passwordIsRight(headers, password))) {
        throw new DomainError('unauthenticated', 'the password is wrong', { field: 'password' })
      }
      await lock.confirmed(person.email)
      await database.transact([
        database.query.updateTable('person_session').set({ confirmed_at: clock() }).where('id', '=', id),
      ])
    },
    makeSetPasswordToken: async (personId) => {
      const token = randomBytes(24).toString('base64url')
      const { internalAdapter } = await (await library()).$context
      await internalAdapter.createVerificationValue({
        identifier: `reset-password:${token}`,
        value: personId,
        expiresAt: new Date(clock() + SET_PASSWORD_MS),
      })
      return token
    },
  }
}

/** In the form that each of the two needs: a call made by the page, and the URL that the browser comes back to. */
function refuseSso(path: string): Response {
  if (path === SSO_SIGN_IN) return Response.json({ code: 'PROVIDER_UNAVAILABLE' }, { status: 502 })
  const location = `${SIGN_IN_PAGE}?error=provider_unavailable`
  return new Response(null, { status: 302, headers: { location } })
}
