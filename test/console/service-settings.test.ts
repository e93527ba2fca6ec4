import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { findService, updateService } from '../../src/tenants/service.ts'
import { findServiceLogo } from '../../src/tenants/service-logo.ts'
import { png } from '../pages/pictures.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    sender: '送信元アドレスごとの購読停止',
    forEver: '送信元アドレスごとの購読停止: 無期限',
    threshold: 'エラーカウントのしきい値',
    window: 'エラーを数える期間(日)',
    zone: 'タイムゾーン',
    daily: '1 日 1 回、決まった時刻に反映する',
    hour: '反映する時刻',
    confirm: '常に確認メールを送る',
    save: '保存',
    saved: '保存しました。',
    takeOver: '変更された項目を取り込む',
    overwrite: '自分の内容で上書きする',
    theirs: '「エラーを数える期間(日)」が「7」に変更されています。',
    name: '表示名',
    accent: 'アクセントカラー',
    footer: 'フッター(日本語)',
    ask: '停止の確認(日本語)',
    logo: '別のロゴにする',
    logoNew: 'ロゴを選ぶ',
    logoRemove: 'ロゴを外す',
    logoWrong: 'PNG、JPEG、WebP のいずれかの画像を選んでください。',
    preview: 'プレビュー',
    passwordSet: 'パスワードを設定',
    passwordRemove: 'パスワードを解除',
    password: 'ZIP ファイルのパスワード',
    short: '8 文字以上で入力してください。',
    stay: '編集を続ける',
    leave: '破棄して移動する',
    filters: '購読解除フィルタ',
    days: 'メールの内容',
    tooFew: '1 以上の数値を入力してください。',
  },
  en: {
    sender: 'Unsubscribed from a sender',
    forEver: 'Unsubscribed from a sender: For ever',
    threshold: 'Threshold of errors',
    window: 'Window for errors (days)',
    zone: 'Time zone',
    daily: 'Once a day, at an hour',
    hour: 'Hour',
    confirm: 'Always by a link',
    save: 'Save',
    saved: 'Saved.',
    takeOver: 'Take their changes over',
    overwrite: 'Overwrite with mine',
    theirs: '“Window for errors (days)” is now “7”.',
    name: 'Name',
    accent: 'Accent colour',
    footer: 'Footer (Japanese)',
    ask: 'Before stopping (Japanese)',
    logo: 'Choose another logo',
    logoNew: 'Choose a logo',
    logoRemove: 'Remove the logo',
    logoWrong: 'Must be a PNG, JPEG or WebP picture.',
    preview: 'Preview',
    passwordSet: 'Set a password',
    passwordRemove: 'Remove the password',
    password: 'Password of ZIP files',
    short: 'Must have at least 8 characters.',
    stay: 'Go on editing',
    leave: 'Discard and leave',
    filters: 'Filters',
    days: 'Contents of mail',
    tooFew: 'Too small: expected number to be >0.',
  },
} as const

describe('the settings of a service in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()
  const stored = (id: number) => findService(installation().capabilities.database, id)
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })

  it('that are typed while others are being saved stay, to be saved in their turn', async (t) => {
    const { page, tenant, open } = await openConsole(t, installation(), newPage, { language: 'en' })
    const { save, threshold, days } = WORDS.en
    await open('settings')
    let letThrough = () => {}
    const isTyped = new Promise<void>((resolve) => {
      letThrough = resolve
    })
    await page.route('**/api/v1/services/*', async (route) => {
      if (route.request().method() === 'PATCH') await isTyped
      await route.continue()
    })
    await field(page, threshold).fill('9')
    await page.getByRole('button', { name: save, exact: true }).click()
    await field(page, days).fill('20')
    letThrough()
    while ((await stored(tenant.service.id)).settings.softBounceThreshold !== 9) await sleep(20)
    await page.getByRole('button', { name: save, exact: true, disabled: false }).click()
    await page.getByRole('button', { name: save, exact: true }).waitFor({ state: 'detached' })
    const { softBounceThreshold, mailDays } = (await stored(tenant.service.id)).settings
    assert.deepEqual([softBounceThreshold, mailDays], [9, 20])
  })

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`are changed, with what each change does said beside it (${language})`, async (t) => {
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      await open('settings')
      assert.equal(await field(page, words.sender).inputValue(), '90')
      assert.deepEqual(await barriers(page, language), [])
      await field(page, words.sender).fill('30')
      await field(page, words.threshold).fill('3')
      await page.getByRole('radio', { name: words.daily }).check()
      await field(page, words.hour).fill('04:30')
      await page.getByRole('radio', { name: words.confirm }).check()
      await page.getByRole('combobox', { name: words.zone }).fill('Europe/Vie')
      await page.getByRole('option', { name: 'Europe/Vienna' }).click()
      await page.getByRole('button', { name: words.save, exact: true }).click()
      await page.getByText(words.saved).waitFor()
      const { timeZone, lifetimeDays, settings } = await stored(tenant.service.id)
      assert.deepEqual([timeZone, lifetimeDays.sender], ['Europe/Vienna', 30])
      assert.deepEqual(
        [settings.softBounceThreshold, settings.cancelMode, settings.blankMail],
        [3, 'daily 04:30', 'confirm'],
      )
      await page.getByRole('button', { name: words.save, exact: true }).waitFor({ state: 'detached' })

      await page.getByRole('checkbox', { name: words.forEver }).check()
      await page.getByRole('button', { name: words.save, exact: true }).click()
      await page.getByRole('button', { name: words.save, exact: true }).waitFor({ state: 'detached' })
      assert.equal((await stored(tenant.service.id)).lifetimeDays.sender, null)
      assert.deepEqual(complaints, [])
    })

    it(`that are refused say why beside the field, in the person's language, and stay as they were typed (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      await open('settings')
      await field(page, words.days).fill('0')
      await page.getByRole('button', { name: words.save, exact: true }).click()
      await page.getByText(words.tooFew, { exact: true }).first().waitFor()
      assert.equal(await page.getByText(words.tooFew, { exact: false }).count(), 2)
      assert.equal(await field(page, words.days).inputValue(), '0')
      assert.equal((await stored(tenant.service.id)).settings.mailDays, 14)
      assert.deepEqual(await barriers(page, language), [])
    })

    it(`that two people change lose nothing of either (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      const { id } = tenant.service
      const changeByAnother = (days: number) =>
        updateService(database, id, { settings: { softBounceDays: days } })
      const save = page.getByRole('button', { name: words.save, exact: true })
      await open('settings')
      await field(page, words.threshold).fill('9')
      await field(page, words.window).fill('60')
      await changeByAnother(7)
      await save.click()
      await page.getByText(words.theirs).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.equal(await field(page, words.window).inputValue(), '60')
      const between = (await stored(id)).settings
      assert.deepEqual([between.softBounceThreshold, between.softBounceDays], [5, 7])

      await page.getByRole('button', { name: words.takeOver }).click()
      assert.equal(await field(page, words.window).inputValue(), '7')
      assert.equal(await field(page, words.threshold).inputValue(), '9')
      await save.click()
      await save.waitFor({ state: 'detached' })
      const after = (await stored(id)).settings
      assert.deepEqual([after.softBounceThreshold, after.softBounceDays], [9, 7])

      await field(page, words.window).fill('60')
      await changeByAnother(8)
      await save.click()
      await page.getByRole('button', { name: words.overwrite }).click()
      await page.getByRole('button', { name: words.overwrite }).waitFor({ state: 'detached' })
      await save.waitFor({ state: 'detached' })
      assert.equal((await stored(id)).settings.softBounceDays, 60)
    })

    it(`are not left unsaved by mistake (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      await open('settings')
      const leave = () => page.getByRole('link', { name: words.filters }).click()
      await field(page, words.threshold).fill('9')
      await leave()
      await page.getByRole('button', { name: words.stay }).click()
      assert.equal(await field(page, words.threshold).inputValue(), '9')
      await leave()
      await page.getByRole('button', { name: words.leave }).click()
      await page.waitForURL(/filters$/)
      assert.equal((await stored(tenant.service.id)).settings.softBounceThreshold, 5)
    })

    it(`make the public page look and speak as shown before (${language})`, async (t) => {
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const { capabilities } = installation()
      await open('settings')
      await field(page, words.name).fill('株式会社アクメ')
      await field(page, words.accent).fill('#ffcc00')
      await field(page, words.accent).press('Tab')
      await field(page, words.ask).fill('ほんとうに\n止めますか。')
      await field(page, words.footer).fill('03-0000-0000')
      const picture = (buffer: Buffer) => ({ name: 'logo.png', mimeType: 'image/png', buffer })
      const files = page.locator('input[type=file]')
      await files.setInputFiles(picture(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')))
      await page.getByText(words.logoWrong).first().waitFor()
      assert.equal(await findServiceLogo(capabilities.database, tenant.service.id), undefined)
      await files.setInputFiles(picture(png(60, 20)))
      await page.getByRole('button', { name: words.logo }).waitFor()

      const preview = page.frameLocator(`iframe[title="${words.preview}"]`)
      await page
        .getByRole('radiogroup', { name: /プレビューの言語|Language of the preview/ })
        .getByText('日本語')
        .click()
      await preview.getByText('止めますか。').waitFor()
      await preview.getByText('03-0000-0000').waitFor()
      await preview.getByAltText('株式会社アクメ').waitFor()
      // Of its own style, which the console's policy has to let in: three times the height of its text.
      const { height = 0 } = (await preview.locator('button').boundingBox()) ?? {}
      assert.ok(height >= 48, String(height))
      assert.match(
        (await page.locator('iframe').getAttribute('srcdoc')) ?? '',
        /--accent:#ffcc00;--on-accent:#000000/,
      )
      const schemes = page.getByRole('radiogroup', { name: /プレビューの明るさ|Light or dark preview/ })
      for (const [scheme, media] of [
        [/^(ダーク|Dark)$/, '@media all{'],
        [/^(ライト|Light)$/, '@media not all{'],
      ] as const) {
        await schemes.getByText(scheme).click()
        await page.locator(`iframe[srcdoc*="${media}"]`).waitFor()
      }
      assert.deepEqual(await barriers(page, language), [])
      await page.getByRole('button', { name: words.save, exact: true }).click()
      await page.getByText(words.saved).waitFor()
      // What was refused.
      assert.deepEqual(
        complaints.filter((text) => !/status of 400/.test(text)),
        [],
      )

      const recipient = await newPage({ locale: 'ja-JP', viewport: { width: 360, height: 740 } })
      t.after(() => recipient.context().close())
      const refused: string[] = []
      recipient.on('console', (message) => void refused.push(message.text()))
      await recipient.goto(installation().url + new URL(tenant.linkOf('taro@example.jp')).pathname)
      await recipient.getByText('止めますか。').waitFor()
      assert.ok(
        await recipient.evaluate('document.images[0].complete && document.images[0].naturalWidth === 60'),
      )
      assert.equal(
        await recipient.evaluate('getComputedStyle(document.querySelector("button")).backgroundColor'),
        'rgb(255, 204, 0)',
      )
      assert.deepEqual(await barriers(recipient, language), [])
      await recipient.locator('button').click()
      await recipient.getByText('03-0000-0000').waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)
      assert.deepEqual(refused, [])

      await page.getByRole('button', { name: words.logoRemove }).click()
      await page.getByRole('button', { name: words.logoNew }).waitFor()
      assert.equal(await findServiceLogo(capabilities.database, tenant.service.id), undefined)
    })

    it(`hold a password for ZIP files that nobody can read again (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { exportPasswords } = installation().capabilities
      const { id } = tenant.service
      await open('settings')
      await page.getByRole('button', { name: words.passwordSet }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(words.password).fill('short')
      await dialog.locator('button[type=submit]').click()
      await dialog.getByText(words.short).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await dialog.getByLabel(words.password).fill('of-its-zip-files')
      await dialog.locator('button[type=submit]').click()
      await dialog.waitFor({ state: 'detached' })
      assert.equal(await exportPasswords.find(id), 'of-its-zip-files')
      assert.ok(!(await page.content()).includes('of-its-zip-files'))
      await page.getByRole('button', { name: words.passwordRemove }).click()
      await dialog.locator('button[type=submit]').click()
      await dialog.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: words.passwordSet }).waitFor()
      assert.equal(await exportPasswords.find(id), undefined)
    })
  }

  it('are shown to those who may look, and changed by administrators alone', async (t) => {
    const grants = { role: 'operator' } as const
    const { page, open } = await openConsole(t, installation(), newPage, { grants })
    await open('settings')
    const { threshold, passwordSet, logoNew } = WORDS.ja
    assert.equal(await field(page, threshold).isDisabled(), true)
    for (const name of [passwordSet, logoNew]) {
      assert.equal(await page.getByRole('button', { name }).count(), 0, name)
    }
    assert.deepEqual(await barriers(page), [])
  })
})
