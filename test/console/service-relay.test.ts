import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { sharedInstallation } from '../support/installation.ts'
import { startSmtpSink } from '../support/smtp-sink.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    none: '専用のリレーは設定されていません。サーバー全体のリレーで配信します。',
    set: 'リレーを設定',
    replace: 'リレーを変更',
    remove: 'リレーを外す',
    host: 'ホスト名または IP アドレス',
    port: 'ポート番号',
    user: 'ユーザー名',
    password: 'パスワード',
    save: '保存',
    test: '接続をテスト',
    isSet: '設定済み(表示できません)',
    hostWrong: 'ホスト名か IP アドレスだけを入力してください。',
    both: 'ユーザー名とパスワードの両方を入力するか、どちらも空欄にしてください。',
    refused: 'サインインを拒否されました。ユーザー名とパスワードを確認してください。',
    said: '応答: 535 5.7.8',
    away: '接続を拒否されたか、到達できません。',
    ready: '接続できました。メールを渡せる状態です。',
    signedIn: 'ユーザー名とパスワードでサインインできました。',
    inClear: '通信は暗号化されていません。',
    changed: /「ホスト名または IP アドレス」が「theirs\.example」に変更されています。/,
    overwrite: '自分の内容で上書きする',
    noneAtAll: 'サーバー全体のリレーも設定されていません。',
    record: 'リレーの設定',
    tried: 'リレーへの接続のテスト',
    readyOnRecord: '接続できた',
  },
  en: {
    none: 'This service has no relay of its own. Its mail goes by that of the whole installation.',
    set: 'Set a relay',
    replace: 'Replace the relay',
    remove: 'Remove the relay',
    host: 'Host name or IP address',
    port: 'Port',
    user: 'User name',
    password: 'Password',
    save: 'Save',
    test: 'Test the connection',
    isSet: 'is set (never shown)',
    hostWrong: 'Does not name a host.',
    both: 'Needs both a user name and a password, or neither.',
    refused: 'The sign-in was refused. Check the user name and the password.',
    said: 'It said: 535 5.7.8',
    away: 'The connection was refused or has no way there.',
    ready: 'The relay answers and takes mail.',
    signedIn: 'It took the name and the password.',
    inClear: 'The connection is not encrypted',
    changed: /“Host name or IP address” is now “theirs\.example”\./,
    overwrite: 'Overwrite with mine',
    noneAtAll: 'The installation has no relay either.',
    record: 'Relay set',
    tried: 'Relay tried',
    readyOnRecord: 'Ready',
  },
} as const

describe('the relay of a service in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()
  const settingUp = (page: Page) => page.getByRole('dialog')
  const sinking = async (t: Lifetime) => {
    const sink = await startSmtpSink({ credentials: { user: 'kaijo@acme', pass: 'p:w/% 語' } })
    t.after(() => sink.close())
    return sink
  }
  const enterPassword = async (page: Page) => {
    const asked = page.getByRole('dialog').last()
    await asked.locator('input[autocomplete=current-password]').fill(PASSWORD)
    await asked.locator('button[type=submit]').last().click()
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`is tried, set, never shown whole, and removed (${language})`, async (t) => {
      const sink = await sinking(t)
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const { relays } = installation().capabilities
      const { id } = tenant.service
      await open('settings')
      await page.getByText(words.none).waitFor()
      await page.getByRole('button', { name: words.set }).click()
      const dialog = settingUp(page)
      const fill = (name: string, value: string) => dialog.getByLabel(name).first().fill(value)
      const test = () => dialog.getByRole('button', { name: words.test }).click()
      await fill(words.host, 'not/a host')
      await fill(words.user, 'kaijo@acme')
      await test()
      await enterPassword(page)
      await dialog.getByText(words.both).or(dialog.getByText(words.hostWrong)).first().waitFor()
      assert.deepEqual(await barriers(page, language), [])

      await fill(words.host, '127.0.0.1')
      await fill(words.port, String(sink.port))
      await test()
      await dialog.getByText(words.both).waitFor()
      await fill(words.password, 'wrong-word')
      await test()
      await dialog.getByText(words.refused).waitFor()
      await dialog.getByText(words.said).waitFor()
      await fill(words.port, String(await freePort()))
      await test()
      await dialog.getByText(words.away).waitFor()
      assert.equal(await relays.shown(id), null)

      await fill(words.port, String(sink.port))
      await fill(words.password, 'p:w/% 語')
      await test()
      await dialog.getByText(words.ready).waitFor()
      await dialog.getByText(words.signedIn).waitFor()
      await dialog.getByText(words.inClear).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await dialog.getByRole('button', { name: words.save }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.getByText(words.isSet).waitFor()
      await page.getByText(`127.0.0.1:${sink.port}`).waitFor()
      assert.equal(await relays.shown(id), `smtp://kaijo%40acme:***@127.0.0.1:${sink.port}`)
      assert.ok(!(await page.content()).includes('p:w/%'))

      await page.getByRole('button', { name: words.test }).click()
      await page.getByText(words.ready).waitFor()
      assert.equal(sink.messages.length, 0)
      assert.deepEqual(await barriers(page, language), [])

      await page.getByRole('button', { name: words.remove }).click()
      await dialog.getByRole('button', { name: words.remove }).click()
      await page.getByText(words.none).waitFor()
      assert.equal(await relays.shown(id), null)
      await page.getByRole('button', { name: words.test }).click()
      await page.getByText(words.noneAtAll).waitFor()
      assert.deepEqual(
        complaints.filter((text) => !/status of 40[03]/.test(text)),
        [],
      )

      await page.goto('/console/audit')
      const entry = (name: string) => page.getByRole('row').filter({ hasText: name })
      await entry(words.tried).filter({ hasText: words.readyOnRecord }).first().waitFor()
      const [latest] = await entry(words.record).allInnerTexts()
      assert.match(latest ?? '', /smtp:\/\/kaijo%40acme:\*\*\*@.* → /s)
      assert.ok(!(await page.content()).includes('wrong-word'))
      assert.deepEqual(await barriers(page, language), [])
    })

    it(`that two people change is the one of whoever decided last, knowing of the other (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { relays } = installation().capabilities
      const { id } = tenant.service
      const byAnother = (url: string) => relays.set(id, url)
      await byAnother('smtp://first.example')
      await open('settings')
      const dialog = settingUp(page)
      await page.getByRole('button', { name: words.replace }).click()
      assert.equal(await dialog.getByLabel(words.host).inputValue(), 'first.example')
      await dialog.getByLabel(words.host).fill('mine.example')
      await byAnother('smtp://theirs.example')
      await dialog.getByRole('button', { name: words.save }).click()
      await enterPassword(page)
      await dialog.getByText(words.changed).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.equal(await relays.shown(id), 'smtp://theirs.example')
      await dialog.getByRole('button', { name: words.overwrite }).click()
      await dialog.waitFor({ state: 'detached' })
      assert.equal(await relays.shown(id), 'smtp://mine.example')

      await page.getByText('mine.example:25').waitFor()
      await page.getByRole('button', { name: words.remove }).click()
      await byAnother('smtp://theirs.example')
      await dialog.getByRole('button', { name: words.remove }).click()
      await dialog.getByText(words.changed).waitFor()
      assert.equal(await relays.shown(id), 'smtp://theirs.example')
      assert.deepEqual(await barriers(page, language), [])
      await dialog.getByRole('button', { name: words.remove }).click()
      await page.getByText(words.none).waitFor()
      assert.equal(await relays.shown(id), null)
    })
  }

  it('is shown to those who may look, and set and tried by administrators alone', async (t) => {
    const grants = { role: 'operator' } as const
    const { page, tenant, open } = await openConsole(t, installation(), newPage, { grants })
    await installation().capabilities.relays.set(tenant.service.id, 'smtps://u:secret-word@[::1]')
    await open('settings')
    await page.getByText('[::1]:465').waitFor()
    const { replace, remove, test } = WORDS.ja
    for (const name of [replace, remove, test]) {
      assert.equal(await page.getByRole('button', { name }).count(), 0, name)
    }
    assert.ok(!(await page.content()).includes('secret-word'))
  })
})
