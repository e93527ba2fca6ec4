import { askToSignIn } from './prompt.ts'

/** Calls of the sign-in, below `/console/auth`. */

const PLACE = '/console/auth'

/**
 * The outcome of an attempt to sign in: done, a second factor is required, wrong, or no answer from the server; `over`
 * where it has to start again, since the earlier steps are no longer valid, and `locked` where trying again only helps
 * after a while.
 */
export type SignedIn = 'done' | 'second-factor' | 'refused' | 'over' | 'locked' | 'unreachable'

/** The codes that say that a sign-in, or a session, is no longer valid. */
const OVER = new Set(['UNAUTHORIZED', 'INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'])

interface Answer {
  code?: string
  twoFactorRedirect?: boolean
  totpURI?: string
  backupCodes?: string[]
}

async function call<T>(path: string, body: object): Promise<{ status: number; answer: T }> {
  const response = await fetch(`${PLACE}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json().catch(() => ({}))) as T }
}

async function attempt(path: string, body: object): Promise<{ outcome: SignedIn; answer: Answer }> {
  try {
    const { status, answer } = await call<Answer>(path, body)
    return { outcome: outcomeOf(status, answer), answer }
  } catch {
    return { outcome: 'unreachable', answer: {} }
  }
}

function outcomeOf(status: number, { code = '', twoFactorRedirect }: Answer): SignedIn {
  if (status >= 500) return 'unreachable'
  if (status === 429) return 'locked'
  if (status >= 400) return OVER.has(code) ? 'over' : 'refused'
  return twoFactorRedirect ? 'second-factor' : 'done'
}

/**
 * The same, as the signed-in person. If the session has ended, the person signs in again in place and the call is
 * repeated.
 */
async function attemptAsPerson(path: string, body: object): ReturnType<typeof attempt> {
  const tried = await attempt(path, body)
  return tried.outcome === 'over' && (await askToSignIn()) ? attemptAsPerson(path, body) : tried
}

const outcome = async (tried: ReturnType<typeof attempt>): Promise<SignedIn> => (await tried).outcome

export const signIn = (email: string, password: string) =>
  outcome(attempt('/sign-in/email', { email, password }))
export const enterCode = (code: string) => outcome(attempt('/two-factor/verify-totp', { code }))
export const enterBackupCode = (code: string) => outcome(attempt('/two-factor/verify-backup-code', { code }))
export const setPassword = (token: string, newPassword: string) =>
  outcome(attempt('/reset-password', { token, newPassword }))
export const changePassword = (currentPassword: string, newPassword: string) =>
  outcome(attemptAsPerson('/change-password', { currentPassword, newPassword, revokeOtherSessions: true }))
export const turnSecondFactorOff = (password: string) =>
  outcome(attemptAsPerson('/two-factor/disable', { password }))
/** Confirms the app's first code, which turns the second factor on. */
export const enterFirstCode = (code: string) => outcome(attemptAsPerson('/two-factor/verify-totp', { code }))

/** Begins setting up a second factor: answers what the app scans and the backup codes, or why it cannot begin. */
export async function beginSecondFactor(
  password: string,
): Promise<{ totpURI: string; backupCodes: string[] } | SignedIn> {
  const { outcome, answer } = await attemptAsPerson('/two-factor/enable', { password })
  const { totpURI, backupCodes } = answer
  return outcome === 'done' && totpURI && backupCodes ? { totpURI, backupCodes } : outcome
}

/** False where the server did not answer, and the session goes on. */
export async function signOut(): Promise<boolean> {
  if ((await outcome(attempt('/sign-out', {}))) === 'unreachable') return false
  location.assign('/console/sign-in')
  return true
}

/** The id of the person signed in now, on this page or another one of this browser. */
export async function signedInPerson(): Promise<string | undefined> {
  const response = await fetch('/api/v1/me').catch(() => undefined)
  return response?.ok ? ((await response.json()) as { person: { id: string } }).person.id : undefined
}

export async function hasSso(): Promise<boolean> {
  const response = await fetch(`${PLACE}/options`)
  return response.ok && ((await response.json()) as { sso: boolean }).sso
}

/** Goes to the single sign-on, which returns to the console's start; false when it cannot be reached. */
export async function goToSso(): Promise<boolean> {
  try {
    const { answer } = await call<{ url?: string }>('/sign-in/social', {
      provider: 'sso',
      callbackURL: '/console/',
      errorCallbackURL: '/console/sign-in',
      disableRedirect: true,
    })
    if (answer.url) location.assign(answer.url)
    return answer.url !== undefined
  } catch {
    return false
  }
}
