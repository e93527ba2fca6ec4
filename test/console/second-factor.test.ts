import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { codeOf } from '../entry/http/console/authenticator.ts'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    factor: '2 段階認証',
    off: /2 段階認証は設定されていません/,
    on: '2 段階認証を使用しています。',
    turnOn: '設定する',
    wrongPassword: /パスワードが違います/,
    wrongCode: 'コードが違うか、有効期限が切れています。',
    over: /もう一度パスワードから入力してください/,
    again: 'もう一度サインインしてください',
    signIn: 'サインイン',
    backup: 'バックアップコードを使う',
    confirm: 'パスワードの再入力',
    resumeOne: '選択した 1 件の配信を再開する',
    resume: '配信を再開する',
    continue: '続ける',
    unreachable: /接続できません/,
  },
  en: {
    factor: 'Second factor',
    off: /There is no second factor/,
    on: 'A second factor is in use.',
    turnOn: 'Turn on',
    wrongPassword: /The password is wrong/,
    wrongCode: 'The code is wrong or no longer valid.',
    over: /Begin with your password again/,
    again: 'Please sign in again',
    signIn: 'Sign in',
    backup: 'Use a backup code',
    confirm: 'Enter your password again',
    resumeOne: 'Resume the one selected',
    resume: 'Resume',
    continue: 'Continue',
    unreachable: /cannot be reached/,
  },
} as const

describe('signing in to the console with a second factor', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()
  const endSessions = async () => {
    const { database } = installation().capabilities
    await database.transact([database.query.deleteFrom('person_session')])
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`is set up by an app, asks for its code, and begins anew after five wrong ones (${language})`, async (t) => {
      const { page } = await openConsole(t, installation(), newPage, { language })
      await page.goto('/console/account')
      const me = (await (await page.request.get('/api/v1/me')).json()) as { person: { email: string } }
      const card = page.locator('section').filter({ has: page.getByRole('heading', { name: words.factor }) })
      const enterPassword = async (password: string) => {
        await card.locator('input[type=password]').fill(password)
        await card.getByRole('button', { name: words.turnOn }).click()
      }
      await card.getByText(words.off).waitFor()
      await enterPassword('not the password')
      await card.getByText(words.wrongPassword).waitFor()
      // Whose session ends meanwhile signs in where they are.
      await endSessions()
      await enterPassword(PASSWORD)
      const again = page.getByRole('dialog', { name: words.again })
      await again.locator('input[type=password]').fill(PASSWORD)
      await again.getByRole('button', { name: words.signIn }).click()
      const secret = await card.locator('code').first().innerText()
      const [backupCode = ''] = (await card.locator('pre').innerText()).split('\n')
      assert.deepEqual(await barriers(page, language), [])
      const code = card.locator('input[inputmode=numeric]')
      await code.fill('000000')
      await card.getByRole('button', { name: words.turnOn }).click()
      await card.getByText(words.wrongCode).waitFor()
      await code.fill(codeOf(`otpauth://totp/Kaijo?secret=${secret}`))
      await card.getByRole('button', { name: words.turnOn }).click()
      await card.getByText(words.on).waitFor()

      await page.context().clearCookies()
      await page.goto('/console/sign-in')
      const submit = page.locator('button[type=submit]')
      const beginSignIn = async () => {
        await page.locator('input[type=password]').fill(PASSWORD)
        await submit.click()
        await page.locator('input[autocomplete=one-time-code]').waitFor()
      }
      await page.locator('input[type=email]').fill(me.person.email)
      await beginSignIn()
      assert.deepEqual(await barriers(page, language), [])
      const given = page.locator('input[autocomplete=one-time-code]')
      for (let tries = 0; (await page.getByText(words.over).count()) === 0; tries++) {
        assert.ok(tries < 7)
        await given.fill('000000')
        const answered = page.waitForResponse(/verify-totp/)
        await submit.click()
        await answered
        await page.locator('button[type=submit]:not([data-loading])').waitFor()
      }
      await beginSignIn()
      await page.getByRole('button', { name: words.backup }).click()
      await given.fill(backupCode)
      await submit.click()
      await page.waitForURL(/services/)
    })

    it(`tells a wrong password from a lost connection and an ended session, where it is asked for (${language})`, async (t) => {
      const { page, open, tenant } = await openConsole(t, installation(), newPage, { language })
      await tenant.stop('blocklist', 'taro@example.jp')
      await open('lists/blocklist')
      await page.getByRole('checkbox', { name: /taro/ }).check()
      await page.getByRole('button', { name: words.resumeOne }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.resume, exact: true }).click()
      const dialog = page.getByRole('dialog', { name: words.confirm })
      const enter = async (password: string) => {
        await dialog.locator('input[type=password]').fill(password)
        await dialog.getByRole('button', { name: words.continue }).click()
      }
      await enter('not the password')
      await dialog.getByText(words.wrongPassword).waitFor()
      await page.context().setOffline(true)
      await enter(PASSWORD)
      await dialog.getByText(words.unreachable).waitFor()
      assert.equal(await dialog.getByText(words.wrongPassword).count(), 0)
      await page.context().setOffline(false)
      await endSessions()
      await enter(PASSWORD)
      const again = page.getByRole('dialog', { name: words.again })
      await again.locator('input[type=password]').fill(PASSWORD)
      await again.getByRole('button', { name: words.signIn }).click()
      await page.getByRole('cell', { name: 'taro@example.jp', exact: true }).waitFor({ state: 'detached' })
    })
  }
})
