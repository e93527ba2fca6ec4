import { randomBytes } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import type { Database } from '../../storage/database.ts'
import { AUTH_TABLES, authAdapter } from './auth-adapter.ts'
import { findPersonById, type Person } from './person.ts'
import { createSignInLock, type SignInLock } from './sign-in-lock.ts'
import type { RecordPersonSignIn } from './sign-in-record.ts'

/** A single sign-on by OpenID Connect. */
interface OidcProvider {
  issuer: string
  clientId: string
  clientSecret: string
}

export interface ConsoleAuthParts {
  database: Database
  keyring: Keyring
  clock: Clock
  /** Where people reach the console, when it cannot be taken from their requests. */
  consoleUrl?: string | undefined
  oidc?: OidcProvider | undefined
  record: RecordPersonSignIn
  onError(error: unknown): void
}

/** Someone who is signed in, and since when their password counts as entered again. */
export interface PersonSession {
  id: string
  person: Person
  confirmedAt: number | null
}

export interface ConsoleAuth {
  /** Answers what lies below `/console/auth`. */
  handle(request: Request): Promise<Response>
  /** Undefined when nobody is signed in by these headers, or the person may not work here any more. */
  sessionOf(headers: Headers): Promise<PersonSession | undefined>
  /** Takes the password of the signed-in person again. Throws DomainError `unauthenticated` when it is wrong. */
  confirm(session: PersonSession, headers: Headers, password: string): Promise<void>
  /** A secret, valid for three days and once, with which the person sets a password. */
  makeSetPasswordToken(personId: string): Promise<string>
  hasSso: boolean
}

export const AUTH_PATH = '/console/auth'
const OIDC_PROVIDER_ID = 'sso'
const SHORTEST_PASSWORD = 12
const SESSION_S = 12 * 3_600
const SET_PASSWORD_MS = 3 * 86_400_000
const EMAIL_SIGN_IN = '/sign-in/email'
/** What begins a session for someone who comes. */
const SIGN_INS = /^\/(?:sign-in\/email|two-factor\/verify-|oauth2\/callback\/)/

/** What of the library is reachable. Nobody signs up: people are entered by those who administer. */
const REACHABLE = new Set([
  '/sign-in/email',
  '/sign-out',
  '/reset-password',
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/two-factor/generate-backup-codes',
  '/sign-in/oauth2',
  `/oauth2/callback/${OIDC_PROVIDER_ID}`,
])

/**
 * Signs people in to the console, by better-auth, which is loaded when the first one comes. Its cookies and what it encrypts go by keys
 * that the installation's keys derive: every process with the same keys takes them.
 */
export function createConsoleAuth(parts: ConsoleAuthParts): ConsoleAuth {
  const { database, clock, keyring } = parts
  const lock = createSignInLock(database, clock)
  let loaded: { keyId: string; auth: ReturnType<typeof open> } | undefined
  const library = () => {
    // A rotated key signs from then on; what older ones encrypted still opens.
    if (loaded?.keyId !== keyring.newest.id) loaded = { keyId: keyring.newest.id, auth: open(parts, lock) }
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
      return (await library()).handler(request)
    },
    sessionOf: async (headers) => {
      if (!headers.get('cookie')?.includes(COOKIE_PREFIX)) return undefined
      const found = await (await library()).api.getSession({ headers })
      if (!found) return undefined
      const person = await findPersonById(database, found.user.id)
      if (!person || person.disabledAt !== null) return undefined
      const [row] = await database.read(
        database.query.selectFrom('person_session').select('confirmed_at').where('id', '=', found.session.id),
      )
      return { id: found.session.id, person, confirmedAt: row?.confirmed_at ?? null }
    },
    confirm: async ({ id, person }, headers, password) => {
      const locked = await lock.isLocked(person.email)
      if (locked || !(await passwordIsRight(headers, password))) {
        await lock.failed(person.email)
        throw new DomainError('unauthenticated', 'the password is wrong', { field: 'password' })
      }
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

const COOKIE_PREFIX = 'kaijo'

async function open(
  { database, keyring, consoleUrl, oidc, record, onError }: ConsoleAuthParts,
  lock: SignInLock,
) {
  const [{ betterAuth }, { createAuthMiddleware, APIError }, { twoFactor, genericOAuth }] = await Promise.all(
    [import('better-auth'), import('better-auth/api'), import('better-auth/plugins')],
  )
  const keys = keyring.all()
  const emailOf = (body: unknown) => String((body as { email?: unknown } | undefined)?.email ?? '')
  return betterAuth({
    appName: 'Kaijo',
    basePath: AUTH_PATH,
    ...(consoleUrl !== undefined && { baseURL: consoleUrl }),
    // Numbered from the oldest on: a key keeps its number when a newer one comes.
    secrets: keys.map((key, index) => ({
      version: keys.length - index,
      value: key.console.toString('base64url'),
    })),
    database: authAdapter(database),
    trustedOrigins: (request) => (request ? [new URL(request.url).origin] : []),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
    },
    user: { modelName: AUTH_TABLES.user },
    session: { modelName: AUTH_TABLES.session, expiresIn: SESSION_S, updateAge: SESSION_S / 12 },
    account: {
      modelName: AUTH_TABLES.account,
      encryptOAuthTokens: true,
      // Whoever the sign-on names is let in as the person with that address, whom someone entered here.
      accountLinking: { enabled: true, trustedProviders: [OIDC_PROVIDER_ID] },
    },
    verification: { modelName: AUTH_TABLES.verification, storeIdentifier: 'hashed' },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: { onError },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: consoleUrl?.startsWith('https:') ?? false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path !== EMAIL_SIGN_IN) return
        // Word for word what a wrong password is answered.
        if (await lock.isLocked(emailOf(ctx.body))) {
          throw new APIError('UNAUTHORIZED', {
            code: 'INVALID_EMAIL_OR_PASSWORD',
            message: 'Invalid email or password',
          })
        }
      }),
      after: createAuthMiddleware(async (ctx) => {
        const clientAddress = ctx.headers?.get(CLIENT_ADDRESS_HEADER) || null
        if (ctx.path === EMAIL_SIGN_IN) {
          const email = emailOf(ctx.body)
          const failed = ctx.context.returned instanceof Error
          await (failed ? lock.failed(email) : lock.succeeded(email))
          if (failed) await record(email, 'refused', clientAddress)
        }
        const entered = ctx.context.newSession?.user
        // With a second factor, whoever only knows the password is not in yet.
        if (
          entered &&
          SIGN_INS.test(ctx.path) &&
          !(ctx.path === EMAIL_SIGN_IN && entered['twoFactorEnabled'])
        ) {
          await record(entered.email, 'sign-in', clientAddress)
        }
      }),
    },
    plugins: [
      twoFactor({
        issuer: 'Kaijo',
        allowPasswordless: true,
        schema: { twoFactor: { modelName: AUTH_TABLES.twoFactor } },
      }),
      ...(oidc
        ? [
            genericOAuth({
              config: [
                {
                  providerId: OIDC_PROVIDER_ID,
                  discoveryUrl: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
                  clientId: oidc.clientId,
                  clientSecret: oidc.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  disableSignUp: true,
                },
              ],
            }),
          ]
        : []),
    ],
  })
}

/** Where the entrance puts the client's address for the record of sessions. */
export const CLIENT_ADDRESS_HEADER = 'x-kaijo-client-address'
