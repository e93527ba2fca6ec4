import type { Keyring } from '../../kernel/keyring.ts'
import type { Database } from '../../storage/database.ts'
import { discoveryUrl } from './oidc-issuer.ts'
import { linkOwner, secondFactorOwner } from './owner-of.ts'
import { findPersonById } from './person.ts'
import type { SignInLock } from './sign-in-lock.ts'
import type { RecordPersonSignIn } from './sign-in-record.ts'

/** A single sign-on by OpenID Connect. */
interface OidcProvider {
  issuer: string
  clientId: string
  clientSecret: string
}

export interface AuthLibraryParts {
  database: Database
  keyring: Keyring
  /** Where people reach the console, when it cannot be taken from their requests. */
  consoleUrl?: string | undefined
  oidc?: OidcProvider | undefined
  record: RecordPersonSignIn
  onError(error: unknown): void
}

export const AUTH_PATH = '/console/auth'
export const COOKIE_PREFIX = 'kaijo'
/** Where the entrance puts the client's address for the record of sessions. */
export const CLIENT_ADDRESS_HEADER = 'x-kaijo-client-address'
/** Where somebody lands when single sign-on has failed. */
export const SIGN_IN_PAGE = '/console/sign-in'
const OIDC_PROVIDER_ID = 'sso'
export const SSO_SIGN_IN = '/sign-in/social'
export const SSO_CALLBACK = `/callback/${OIDC_PROVIDER_ID}`
/** The library names a route by its pattern, or by the path itself. */
const OF_CALLBACK = /^\/callback\//
const EMAIL_SIGN_IN = '/sign-in/email'
const SECOND_FACTOR = /^\/two-factor\/verify-/
const SECOND_FACTOR_OFF = '/two-factor/disable'
const CHANGE_PASSWORD = '/change-password'
const RESET_PASSWORD = '/reset-password'
/**
 * What takes the password of whoever is signed in. A wrong one counts as it does at the sign-in: else it could be guessed
 * there.
 */
const PASSWORD_AGAIN = new Set([CHANGE_PASSWORD, '/two-factor/enable', SECOND_FACTOR_OFF])
const WRONG_PASSWORD = 'INVALID_PASSWORD'
const SHORTEST_PASSWORD = 12
const SESSION_S = 12 * 3_600

/** Loads the library, set up as decision 12 says. Whoever asks for it keeps it. */
export async function openAuthLibrary(
  { database, keyring, consoleUrl, oidc, record, onError }: AuthLibraryParts,
  lock: SignInLock,
) {
  const [
    { betterAuth },
    { createAuthMiddleware, APIError, getSessionFromCtx },
    { twoFactor, genericOAuth },
    { AUTH_TABLES, authAdapter },
  ] = await Promise.all([
    import('better-auth'),
    import('better-auth/api'),
    import('better-auth/plugins'),
    import('./auth-adapter.ts'),
  ])
  const keys = keyring.all()
  /**
   * Whose second factor a request is about; found out before the request is handled, since the library may have
   * forgotten it afterwards.
   */
  const owners = new WeakMap<Request, string>()
  /**
   * Whose password or second factor a request changes, by somebody who is signed in or holds a link; found out
   * beforehand too.
   */
  const changers = new WeakMap<Request, string>()
  const emailOf = (body: unknown) => String((body as { email?: unknown } | undefined)?.email ?? '')
  return betterAuth({
    appName: 'Kaijo',
    basePath: AUTH_PATH,
    ...(consoleUrl !== undefined && { baseURL: consoleUrl }),
    // Numbered from the oldest: a key keeps its number when a newer one is added.
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
    onAPIError: { onError, errorURL: SIGN_IN_PAGE },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: consoleUrl?.startsWith('https:') ?? false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    databaseHooks: {
      session: {
        create: {
          // No matter how somebody proved who they are.
          before: async ({ userId }, ctx) => {
            const person = await findPersonById(database, userId)
            // The library would keep no more than the first half of an IPv6 address.
            if (!person || person.disabledAt === null) return { data: { ipAddress: clientOf(ctx?.headers) } }
            await record(person.email, 'refused', clientOf(ctx?.headers))
            throw new APIError('FORBIDDEN', {
              code: 'person_disabled',
              message: 'may not work here any more',
            })
          },
        },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path === SSO_SIGN_IN && (ctx.body as { idToken?: unknown }).idToken !== undefined) {
          throw new APIError('FORBIDDEN', {
            message: 'the provider is gone to, its tokens are not taken here',
          })
        }
        if (SECOND_FACTOR.test(ctx.path) && ctx.request) {
          const email = await secondFactorOwner(ctx)
          if (email) owners.set(ctx.request, email)
        }
        if (ctx.path === RESET_PASSWORD && ctx.request) {
          const email = await linkOwner(ctx)
          if (email) changers.set(ctx.request, email)
        }
        if (PASSWORD_AGAIN.has(ctx.path) && ctx.request) {
          const email = (await getSessionFromCtx(ctx))?.user.email
          if (email) changers.set(ctx.request, email)
          if (email && (await lock.isLocked(email))) {
            throw new APIError('BAD_REQUEST', { code: WRONG_PASSWORD, message: 'Invalid password' })
          }
        }
        if (ctx.path !== EMAIL_SIGN_IN) return
        // Word for word what a wrong password is answered.
        if (!(await lock.admits(emailOf(ctx.body)))) {
          throw new APIError('UNAUTHORIZED', {
            code: 'INVALID_EMAIL_OR_PASSWORD',
            message: 'Invalid email or password',
          })
        }
      }),
      after: createAuthMiddleware(async (ctx) => {
        const clientAddress = clientOf(ctx.headers)
        if (ctx.path === EMAIL_SIGN_IN) {
          const email = emailOf(ctx.body)
          const failed = ctx.context.returned instanceof Error
          if (failed) await record(email, 'refused', clientAddress)
          else await lock.succeeded(email)
        }
        const owner = ctx.request && owners.get(ctx.request)
        if (owner && ctx.context.returned instanceof Error) {
          await record(owner, 'second-factor-refused', clientAddress)
        }
        const changer = ctx.request && changers.get(ctx.request)
        if (changer && !(ctx.context.returned instanceof Error)) {
          const change = CHANGES[ctx.path]
          if (change) await record(changer, change, clientAddress)
        } else if (changer && isWrongPassword(ctx.context.returned)) {
          await lock.failed(changer)
        }
        const entered = ctx.context.newSession?.user
        if (entered && isWhole(ctx.path, { owner, hasSecondFactor: Boolean(entered['twoFactorEnabled']) })) {
          if (ctx.path !== EMAIL_SIGN_IN) await lock.succeeded(entered.email)
          await record(entered.email, 'sign-in', clientAddress)
        } else if (entered && !owner && SECOND_FACTOR.test(ctx.path)) {
          await record(entered.email, 'second-factor-on', clientAddress)
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
                  discoveryUrl: discoveryUrl(oidc.issuer),
                  requireIdTokenVerification: true,
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

/**
 * Whether a session that has just begun means that somebody has signed in: not when only the password was given and a
 * second factor is still due, nor when somebody who is signed in turns a second factor on.
 */
function isWhole(path: string, by: { owner: string | undefined; hasSecondFactor: boolean }): boolean {
  if (path === EMAIL_SIGN_IN) return !by.hasSecondFactor
  return SECOND_FACTOR.test(path) ? by.owner !== undefined : OF_CALLBACK.test(path)
}

/** What a request, once carried out, has changed about how somebody signs in. */
const CHANGES: Readonly<Record<string, 'password' | 'second-factor-off'>> = {
  [CHANGE_PASSWORD]: 'password',
  [RESET_PASSWORD]: 'password',
  [SECOND_FACTOR_OFF]: 'second-factor-off',
}

function isWrongPassword(returned: unknown): boolean {
  return (returned as { body?: { code?: unknown } } | undefined)?.body?.code === WRONG_PASSWORD
}

function clientOf(headers: Headers | undefined): string | null {
  return headers?.get(CLIENT_ADDRESS_HEADER) || null
}
