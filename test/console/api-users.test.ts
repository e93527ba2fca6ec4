import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { findApiUserViews, putApiUser } from '../../src/access/api-user.ts'
import { updateApiUser } from '../../src/access/api-user-changes.ts'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const WORDS = {
  ja: {
    title: 'API ユーザー',
    create: 'API ユーザーを作成',
    send: /^配信/,
    continue: '続ける',
    close: '閉じる',
    actions: '操作',
    rotate: 'キーを交換',
    makeKey: '新しいキーを発行',
    twoKeys: '新旧 2 つ',
    endPrevious: '古いキーを終了',
    oneKey: '1 つ',
    change: '権限を変更',
    groupAdmin: 'グループ管理者',
    save: '保存',
    connect: '接続設定',
    revoke: '失効させる',
    run: '実行する',
    kept: /利用中のキーを引き継ぐ/,
    known: '発行時に控えたキー',
    theirs: '「権限」が「ダウンロード」に変更されています。',
    takeOver: '変更された項目を取り込む',
    overwrite: '自分の内容で上書きする',
  },
  en: {
    title: 'API users',
    create: 'Create an API user',
    send: /^Send/,
    continue: 'Continue',
    close: 'Close',
    actions: 'Actions',
    rotate: 'Replace the key',
    makeKey: 'Make a new key',
    twoKeys: 'Old and new',
    endPrevious: 'End the old key',
    oneKey: 'One',
    change: 'Change rights',
    groupAdmin: 'Group admin',
    save: 'Save',
    connect: 'How to connect',
    revoke: 'Revoke',
    run: 'Carry out',
    kept: /Keep a key/,
    known: 'The key, as it was shown when it was made',
    theirs: '“Permissions” is now “Download”.',
    takeOver: 'Take their changes over',
    overwrite: 'Overwrite with mine',
  },
} as const

describe('the API users in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const openApiUsers = async ({ page, open }: ConsolePage, language: 'ja' | 'en') => {
    await open('senders')
    await page.getByRole('link', { name: WORDS[language].title, exact: true }).click()
    await page.waitForURL(/\/console\/api-users$/)
    await page.getByRole('button', { name: WORDS[language].create }).first().waitFor()
  }
  const confirm = async (page: Page, button: string) => {
    const dialog = page
      .getByRole('dialog')
      .filter({ has: page.locator('input[autocomplete=current-password]') })
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: button, exact: true }).click()
  }
  const choose = async (page: Page, language: 'ja' | 'en', name: string, item: string) => {
    await page.getByRole('button', { name: `${WORDS[language].actions}: ${name}` }).click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  const userOf = async (name: string) =>
    (await findApiUserViews(installation().capabilities.database, undefined, Date.now())).find(
      (user) => user.name === name,
    )
  const signsIn = async (key: string) =>
    (await fetch(`${installation().url}/api/v1/services`, { headers: { authorization: `Bearer ${key}` } }))
      .status === 200

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`are created, given new keys and other rights, and revoked (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language })
      const { page, tenant, complaints } = console
      const name = `mailer.${language}@example.com`
      await openApiUsers(console, language)
      assert.deepEqual(await barriers(page, language), [])
      await page.getByRole('button', { name: words.create }).first().click()
      const form = page.getByRole('dialog', { name: words.create })
      assert.deepEqual(await barriers(page, language), [])
      await form.locator('input[maxlength="254"]').first().fill(name)
      await form.getByRole('checkbox', { name: words.send }).check()
      await form.locator('button[type=submit]').click()
      await confirm(page, words.continue)

      const shown = page.getByRole('dialog', { name: new RegExp(name) })
      const first = await shown.getByRole('alert').locator('code').innerText()
      assert.deepEqual(await barriers(page, language), [])
      // It is shown this once, and no key too many takes it away.
      await page.keyboard.press('Escape')
      assert.equal(await shown.getByRole('alert').locator('code').innerText(), first)
      const created = await userOf(name)
      assert.deepEqual(
        [created?.permissions, created?.role, created?.siteId],
        [['view', 'send'], 'user', tenant.service.siteId],
      )
      assert.equal(await signsIn(first), true)
      await shown.getByRole('button', { name: words.close, exact: true }).last().click()
      assert.equal(await page.getByText(first).count(), 0, 'it is not shown again')

      await choose(page, language, name, words.rotate)
      await page.getByRole('dialog').getByRole('button', { name: words.makeKey }).click()
      const second = await shown.getByRole('alert').locator('code').innerText()
      assert.deepEqual([await signsIn(first), await signsIn(second)], [true, true])
      await shown.getByRole('button', { name: words.close, exact: true }).last().click()
      const row = page.getByRole('row').filter({ hasText: name })
      await row.getByText(words.twoKeys, { exact: true }).waitFor()
      assert.deepEqual(await barriers(page, language), [])

      await choose(page, language, name, words.endPrevious)
      await page.getByRole('dialog').getByRole('button', { name: words.run }).click()
      await row.getByText(words.oneKey, { exact: true }).waitFor()
      assert.deepEqual([await signsIn(first), await signsIn(second)], [false, true])

      await choose(page, language, name, words.change)
      const change = page.getByRole('dialog', { name: new RegExp(name) })
      await change.getByRole('radio', { name: words.groupAdmin }).check()
      await change.getByRole('button', { name: words.save }).click()
      await row.getByText(words.groupAdmin, { exact: true }).waitFor()
      assert.deepEqual([(await userOf(name))?.role, (await userOf(name))?.permissions], ['group-admin', []])

      await choose(page, language, name, words.connect)
      await shown.getByText(words.known).first().waitFor()
      assert.equal(await page.getByText(second).count(), 0)
      await shown.getByRole('button', { name: words.close, exact: true }).last().click()

      await choose(page, language, name, words.revoke)
      await page.getByRole('dialog').getByRole('button', { name: words.run }).click()
      await row.waitFor({ state: 'detached' })
      assert.equal(await userOf(name), undefined)
      assert.equal(await signsIn(second), false)
      assert.deepEqual(
        complaints.filter((text) => !text.includes('403')),
        [],
      )
    })

    it(`are changed by two people at once, who choose and lose nothing (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language })
      const { page, tenant } = console
      const { database, ids, keyring } = installation().capabilities
      const name = `two.${language}@example.com`
      const { user } = await putApiUser(database, ids['api-user'], keyring, {
        ...{ role: 'user', permissions: ['view'], services: [], name },
        ...{ key: `key-of-two-${language}`, siteId: tenant.service.siteId, now: Date.now() },
      })
      await openApiUsers(console, language)
      await choose(page, language, user.name, words.change)
      const change = page.getByRole('dialog', { name: new RegExp(user.name) })
      await change.getByRole('checkbox', { name: words.send }).check()
      const theirs = async (permissions: ('view' | 'download' | 'edit')[], timeZone: string) => {
        const before = await userOf(user.name)
        assert.ok(before)
        await updateApiUser(database, before, { permissions, timeZone })
      }
      await theirs(['download'], 'Europe/Berlin')
      await change.getByRole('button', { name: words.save }).click()
      await confirm(page, words.continue)
      await change.getByText(words.theirs).waitFor()
      assert.deepEqual((await userOf(user.name))?.permissions, ['download'])
      assert.ok(await change.getByRole('checkbox', { name: words.send }).isChecked())
      assert.deepEqual(await barriers(page, language), [])
      await change.getByRole('button', { name: words.takeOver }).click()
      assert.ok(!(await change.getByRole('checkbox', { name: words.send }).isChecked()))
      await change.getByRole('checkbox', { name: words.send }).check()
      await theirs(['edit'], 'Asia/Seoul')
      await change.getByRole('button', { name: words.save }).click()
      await change.getByRole('button', { name: words.overwrite }).click()
      await change.waitFor({ state: 'detached' })
      const { permissions, timeZone } = (await userOf(user.name)) ?? {}
      // One's own rights; the zone, which only the other one changed, stays theirs.
      assert.deepEqual([permissions, timeZone], [['download', 'send'], 'Asia/Seoul'])
    })
  }

  it('are told what their programs have to be set to, and those settings work', async (t) => {
    const console = await openConsole(t, installation(), newPage, { language: 'en' })
    const { page, tenant } = console
    const words = WORDS.en
    const name = 'from.a.vendor@example.com'
    await openApiUsers(console, 'en')
    await page.getByRole('button', { name: words.create }).first().click()
    const form = page.getByRole('dialog', { name: words.create })
    await form.locator('input[maxlength="254"]').first().fill(name)
    await form.getByRole('radio', { name: words.kept }).check()
    await form.locator('input[type=password]').fill('vendor-key-1')
    await form.locator('button[type=submit]').click()
    await confirm(page, words.continue)

    const shown = page.getByRole('dialog', { name: new RegExp(name) })
    await shown.getByRole('tab').first().waitFor()
    assert.equal(await page.getByText('vendor-key-1').count(), 0)
    const settings = async (tab: string): Promise<Record<string, string>> => {
      await shown.getByRole('tab', { name: tab, exact: true }).click()
      const panel = shown.getByRole('tabpanel')
      const names = await panel.locator('dt').allInnerTexts()
      const values = await panel.locator('dd').allInnerTexts()
      return Object.fromEntries(names.map((setting, at) => [setting, values[at]?.trim() ?? '']))
    }
    const post = (url: string, body: string) => fetch(url, { method: 'POST', body })

    const arara2 = await settings('arara message API v2')
    const tokenRequest = JSON.stringify({ name: arara2['name'], key: 'vendor-key-1' })
    assert.equal((await post(`${arara2['Base URL']}/token`, tokenRequest)).status, 200)

    const arara1 = await settings('arara message API v1')
    const xml = `<?xml version="1.0" encoding="UTF-8"?><request><auth><site id="${arara1['Site (site id)']}"/>
      <service id="${arara1['Service (service id)']}"/><name>${arara1['Name (name)']}</name><pass>vendor-key-1</pass></auth>
      <unsubscription_request><header_from>news@example.com</header_from><year>2026</year><month>10</month><day>1</day>
      </unsubscription_request></request>`
    assert.equal((await post(`${arara1['Base URL']}unsubscribe_requesters.php`, xml)).status, 200)

    const mailCloud = await settings('Customers Mail Cloud')
    const form2 = new URLSearchParams({
      api_user: mailCloud['api_user'] ?? '',
      api_key: 'vendor-key-1',
      server_composition: mailCloud['server_composition'] ?? '',
    })
    const listed = await fetch(`${mailCloud['Base URL']}/unsubscribes/list.json`, {
      method: 'POST',
      body: form2,
    })
    assert.equal(listed.status, 200)

    const native = await settings('Kaijo API')
    const headers = { authorization: 'Bearer vendor-key-1' }
    const answer = await fetch(native['Base URL'] ?? '', { headers })
    assert.equal(((await answer.json()) as { id: number }).id, tenant.service.id)

    const smtp = await settings('SMTP')
    assert.equal(smtp['User name'], name)
    await shown.getByText('lacks the permission to send').waitFor()
    assert.deepEqual(await barriers(page), [])
    assert.notEqual((await userOf(name))?.lastUsedAt, null)
  })

  it('are for administrators of the site alone', async (t) => {
    const grants = { role: 'operator' } as const
    const { open, page } = await openConsole(t, installation(), newPage, { grants })
    await open('senders')
    assert.equal(await page.getByRole('link', { name: WORDS.ja.title, exact: true }).count(), 0)
    await page.goto('/console/api-users')
    await page.getByText(/^開けるのは、役割が「管理者」で、サイトの/).waitFor()
  })
})
