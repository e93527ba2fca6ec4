import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    again: 'もう一度サインインしてください',
    signIn: 'サインイン',
    other: '別の利用者としてサインインする',
    toggle: 'パスワードの表示を切り替える',
    search: '検索',
  },
  en: {
    again: 'Please sign in again',
    signIn: 'Sign in',
    other: 'Sign in as somebody else',
    toggle: 'Show or hide the password',
    search: 'Search',
  },
} as const

describe('who signs in again on a page on which a session ended', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    it(`is the person whose page it is; somebody else begins at the sign-in (${language})`, async (t) => {
      const words = WORDS[language]
      const { page } = await openConsole(t, installation(), newPage, { language })
      await page.goto('/console/audit')
      await page.getByRole('table').waitFor()
      const me = (await (await page.request.get('/api/v1/me')).json()) as { person: { email: string } }
      const { database } = installation().capabilities
      const endSession = async () => {
        await database.transact([database.query.deleteFrom('person_session')])
        const search = page.getByRole('button', { name: words.search, exact: true })
        // What the page asks by itself may be the first to be refused: then the dialog lies over the button.
        await Promise.any([search.click({ timeout: 5_000 }), dialog.waitFor()])
      }
      const dialog = page.getByRole('dialog', { name: words.again })
      await page.locator('input[type=date]').first().fill('2026-01-01')
      await endSession()
      const email = dialog.locator('input[type=email]')
      await email.waitFor()
      assert.equal(await email.inputValue(), me.person.email)
      assert.equal(await email.getAttribute('readonly'), '')
      assert.deepEqual(await barriers(page, language), [])
      const secret = dialog.getByLabel(words.toggle).locator('xpath=ancestor::*[.//input][1]//input')
      assert.equal(await secret.getAttribute('type'), 'password')
      await dialog.locator('input[type=password]').fill(PASSWORD)
      const asked = page.waitForResponse((response) => response.url().endsWith('/api/v1/me') && response.ok())
      await dialog.getByRole('button', { name: words.signIn }).click()
      await dialog.waitFor({ state: 'detached' })
      await asked
      await page.locator('input[type=date]').first().fill('2026-01-02')
      await endSession()
      await dialog.getByRole('link', { name: words.other }).click()
      await page.waitForURL(/\/console\/sign-in$/)
      assert.equal(await page.locator('input[type=email]').inputValue(), '')
    })
  }
})
