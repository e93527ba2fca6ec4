import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findPeople, updatePerson } from '../../src/access/people/person.ts'
import { enterPerson, openBrowser, PASSWORD, setPassword, signIn } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const WORDS = {
  ja: {
    people: '利用者',
    enter: '利用者を登録',
    viewer: '閲覧者',
    reset: 'エラーカウントリセット',
    continue: '続ける',
    link: 'パスワード設定用リンク',
    actions: '操作',
    change: '権限を変更',
    operator: '運用担当者',
    save: '保存',
    takeOver: '変更された項目を取り込む',
    theirs: '「役割」が「閲覧者」に変更されています。',
    disable: '利用を停止',
    enable: '利用を再開',
    resetPassword: 'パスワードの再設定',
    run: '実行する',
    disabled: '停止中',
    active: '有効',
  },
  en: {
    people: 'People',
    enter: 'Add a person',
    viewer: 'Viewer',
    reset: 'Error count reset',
    continue: 'Continue',
    link: 'Link to set a password',
    actions: 'Actions',
    change: 'Change',
    operator: 'Operator',
    save: 'Save',
    takeOver: 'Take their changes over',
    theirs: '“Role” is now “Viewer”.',
    disable: 'Disable',
    enable: 'Enable',
    resetPassword: 'Reset the password',
    run: 'Carry out',
    disabled: 'Disabled',
    active: 'Active',
  },
} as const

describe('the people in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const openPeople = async ({ page, open }: ConsolePage, language: 'ja' | 'en') => {
    await open('')
    await page.getByRole('link', { name: WORDS[language].people, exact: true }).click()
    await page.waitForURL(/\/console\/people$/)
    await page.getByRole('table').waitFor()
  }
  /** Enters the password again where the console asks for it. */
  const confirm = async ({ page }: ConsolePage, button: string) => {
    const dialog = page.getByRole('dialog').filter({ has: page.locator('input[type=password]') })
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: button }).click()
  }
  const personOf = async (email: string) =>
    (await findPeople(installation().capabilities.database)).find((person) => person.email === email)

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`are entered, changed, disabled and given a new password (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language })
      const { page, tenant, complaints } = console
      const email = `new.${language}@example.com`
      await openPeople(console, language)
      await page.getByRole('button', { name: words.enter }).click()
      const form = page.getByRole('dialog', { name: words.enter })
      await form.locator('input[type=email]').fill(email)
      await form.locator('input[maxlength="100"]').fill('Hanako')
      await form.getByRole('radio', { name: words.viewer }).check()
      await form.getByRole('checkbox', { name: new RegExp(words.reset) }).check()
      await form.locator('button[type=submit]').click()
      await confirm(console, words.continue)

      const shown = page.getByRole('dialog', { name: words.link })
      const url = await shown.locator('code').innerText()
      const entered = await personOf(email)
      assert.deepEqual(
        [entered?.role, entered?.permissions, entered?.siteId],
        ['viewer', ['error-count-reset'], tenant.service.siteId],
      )
      const browser = openBrowser(installation())
      const token = new URL(url).hash.slice(1)
      const json = { token, newPassword: PASSWORD }
      assert.equal((await browser.fetch('/console/auth/reset-password', { json })).status, 200)
      assert.equal((await signIn(browser, email)).status, 200)
      await page.keyboard.press('Escape')
      assert.equal(await shown.isVisible(), true, 'it is shown this once')
      await shown.getByRole('button').last().click()

      const choose = async (item: string) => {
        await page.getByRole('button', { name: new RegExp(`${words.actions}.*${email}`) }).click()
        await page.getByRole('menuitem', { name: item, exact: true }).click()
      }
      await choose(words.change)
      const change = page.getByRole('dialog', { name: new RegExp(email) })
      await change.getByRole('radio', { name: words.operator }).check()
      await change.getByRole('button', { name: words.save }).click()
      await change.waitFor({ state: 'detached' })
      assert.equal((await personOf(email))?.role, 'operator')
      assert.equal(
        (await browser.fetch('/api/v1/me')).status,
        401,
        'whoever may do something else signs in anew',
      )

      const row = page.getByRole('row').filter({ hasText: email })
      await choose(words.disable)
      await page.getByRole('dialog').getByRole('button', { name: words.run }).click()
      await row.getByText(words.disabled, { exact: true }).waitFor()
      assert.equal((await signIn(browser, email).then(() => browser.fetch('/api/v1/me'))).status, 401)
      await choose(words.enable)
      await page.getByRole('dialog').getByRole('button', { name: words.run }).click()
      await row.getByText(words.active, { exact: true }).waitFor()
      assert.equal((await personOf(email))?.disabledAt, null)

      await choose(words.resetPassword)
      await page.getByRole('dialog').getByRole('button', { name: words.run }).click()
      await shown.waitFor()
      assert.notEqual(await shown.locator('code').innerText(), url)
      assert.deepEqual(
        complaints.filter((text) => !text.includes('403')),
        [],
      )
    })

    it(`whom two change lose nothing of what either of them granted (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language })
      const { page, tenant } = console
      const { database } = installation().capabilities
      const email = `both.${language}@example.com`
      await enterPerson(installation(), email, { role: 'operator', siteId: tenant.service.siteId })
      await openPeople(console, language)
      await page.getByRole('button', { name: new RegExp(`${words.actions}.*${email}`) }).click()
      await page.getByRole('menuitem', { name: words.change, exact: true }).click()
      const change = page.getByRole('dialog', { name: new RegExp(email) })
      await change.getByRole('checkbox', { name: new RegExp(words.reset) }).check()
      const { id = '' } = (await personOf(email)) ?? {}
      await updatePerson(database, id, { role: 'viewer' }, { now: Date.now() })
      await change.getByRole('button', { name: words.save }).click()
      await confirm(console, words.continue)
      await change.getByText(words.theirs).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.deepEqual((await personOf(email))?.permissions, [])
      await change.getByRole('button', { name: words.takeOver }).click()
      await change.getByRole('button', { name: words.save }).click()
      await change.waitFor({ state: 'detached' })
      const { role, permissions } = (await personOf(email)) ?? {}
      assert.deepEqual([role, permissions], ['viewer', ['error-count-reset']])
    })
  }

  it('can try again at once when someone unlocks them', async (t) => {
    const console = await openConsole(t, installation(), newPage, { language: 'en' })
    const { page } = console
    const email = 'locked.out@example.com'
    const siteId = console.tenant.service.siteId
    await setPassword(installation(), await enterPerson(installation(), email, { siteId, role: 'viewer' }))
    const browser = openBrowser(installation())
    for (let n = 0; n < 5; n += 1) await signIn(browser, email, 'not the password')
    await openPeople(console, 'en')
    await page.getByRole('row').filter({ hasText: email }).getByText('Locked', { exact: true }).waitFor()
    await page.getByRole('button', { name: `Actions: ${email}` }).click()
    await page.getByRole('menuitem', { name: 'Unlock' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Carry out' }).click()
    await page.getByRole('row').filter({ hasText: email }).getByText('Active', { exact: true }).waitFor()
    assert.equal((await signIn(browser, email)).status, 200)
  })

  it('can be looked after by everyone, and by administrators alone', async (t) => {
    const console = await openConsole(t, installation(), newPage)
    const { page } = console
    await openPeople(console, 'ja')
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: WORDS.ja.enter }).click()
    await page.getByRole('dialog').waitFor()
    assert.deepEqual(await barriers(page), [])

    const viewer = await openConsole(t, installation(), newPage, { grants: { role: 'viewer' } })
    await viewer.open('senders')
    assert.equal(await viewer.page.getByRole('link', { name: WORDS.ja.people, exact: true }).count(), 0)
    await viewer.page.goto('/console/people')
    await viewer.page.getByText(/^開けるのは、役割が「管理者」で/).waitFor()
  })
})
