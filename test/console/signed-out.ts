import type { Page } from 'playwright-core'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import type { Installation } from '../support/installation.ts'
import type { Language } from './console.ts'

const WORDS = {
  ja: { again: 'もう一度サインインしてください', signIn: 'サインイン' },
  en: { again: 'Please sign in again', signIn: 'Sign in' },
} as const

/** Signs everybody out, of which no page is told. */
export async function endSessions({ capabilities: { database } }: Installation): Promise<void> {
  await database.transact([database.query.deleteFrom('person_session')])
}

/** What asks who was signed out to sign in where they are. */
export function signInDialog(page: Page, language: Language) {
  return page.getByRole('dialog', { name: WORDS[language].again })
}

/** Signs in there. */
export async function signInAgain(page: Page, language: Language): Promise<void> {
  const dialog = signInDialog(page, language)
  await dialog.locator('input[type=password]').fill(PASSWORD)
  await dialog.getByRole('button', { name: WORDS[language].signIn }).click()
  await dialog.waitFor({ state: 'detached' })
}
