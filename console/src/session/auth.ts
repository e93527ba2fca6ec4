/** Calls of the sign-in, below `/console/auth`. */

const PLACE = '/console/auth'

/** What came of a try to sign in: done, a second factor is asked for, wrong, or the server did not answer. */
export type SignedIn = 'done' | 'second-factor' | 'refused' | 'unreachable'

async function call<T>(path: string, body: object): Promise<{ status: number; answer: T }> {
  const response = await fetch(`${PLACE}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json().catch(() => ({}))) as T }
}

async function attempt(path: string, body: object): Promise<SignedIn> {
  try {
    const { status, answer } = await call<{ twoFactorRedirect?: boolean }>(path, body)
    if (status >= 500) return 'unreachable'
    if (status >= 400) return 'refused'
    return answer.twoFactorRedirect ? 'second-factor' : 'done'
  } catch {
    return 'unreachable'
  }
}

export const signIn = (email: string, password: string) => attempt('/sign-in/email', { email, password })
export const enterCode = (code: string) => attempt('/two-factor/verify-totp', { code })
export const enterBackupCode = (code: string) => attempt('/two-factor/verify-backup-code', { code })
export const setPassword = (token: string, newPassword: string) =>
  attempt('/reset-password', { token, newPassword })
export const changePassword = (currentPassword: string, newPassword: string) =>
  attempt('/change-password', { currentPassword, newPassword, revokeOtherSessions: true })
export const turnSecondFactorOff = (password: string) => attempt('/two-factor/disable', { password })

export async function signOut(): Promise<void> {
  await call('/sign-out', {})
  location.assign('/console/sign-in')
}

/** Begins a second factor: what the app scans, and the codes for when it is not at hand. Undefined when the password is wrong. */
export async function beginSecondFactor(
  password: string,
): Promise<{ totpURI: string; backupCodes: string[] } | undefined> {
  const { status, answer } = await call<{ totpURI: string; backupCodes: string[] }>('/two-factor/enable', {
    password,
  })
  return status < 400 ? answer : undefined
}

/** The id of who is signed in by now, here or on another page of this browser. */
export async function signedInPerson(): Promise<string | undefined> {
  const response = await fetch('/api/v1/me').catch(() => undefined)
  return response?.ok ? ((await response.json()) as { person: { id: string } }).person.id : undefined
}

export async function hasSso(): Promise<boolean> {
  const response = await fetch(`${PLACE}/options`)
  return response.ok && ((await response.json()) as { sso: boolean }).sso
}

/** Goes to the single sign-on, which comes back to where `next` says; false when it cannot be gone to. */
export async function goToSso(next: string): Promise<boolean> {
  try {
    const { answer } = await call<{ url?: string }>('/sign-in/social', {
      provider: 'sso',
      callbackURL: next,
      errorCallbackURL: '/console/sign-in',
      disableRedirect: true,
    })
    if (answer.url) location.assign(answer.url)
    return answer.url !== undefined
  } catch {
    return false
  }
}
