import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createForm, updateForm } from '../../src/subscribers/forms/form.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const TEXT = '私は、\n<b>個人情報</b>の取り扱いに同意します。'

const WORDS = {
  ja: {
    registered: 'フォームで登録',
    details: '同意の記録を見る',
    revision: 'メルマガ (第 1 版)',
    language: '日本語',
    edit: '編集: taro@example.jp',
    title: '同意の記録',
    download: '同意の記録をダウンロード',
    csv: 'CSV',
    none: '登録フォームでの同意の記録はありません。',
    editOther: '編集: jiro@example.jp',
  },
  en: {
    registered: 'Registered by a form',
    details: 'What was agreed to',
    revision: 'メルマガ (version 1)',
    language: 'Japanese',
    edit: 'Edit taro@example.jp',
    title: 'Agreements',
    download: 'Download agreements',
    csv: 'CSV',
    none: 'No agreement by a registration form is on record.',
    editOther: 'Edit jiro@example.jp',
  },
} as const

describe('what somebody agreed to by a registration form, in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    it(`is shown word for word with their address and as a subscriber, and downloaded (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const { database, join } = installation().capabilities
      const { service } = tenant
      const texts = { ja: { title: '登録', consent: TEXT } }
      const form = { name: 'メルマガ', texts, doubleOptIn: false, fields: [], now: 0 }
      const { id } = await createForm(database, service, form)
      const sent = await fetch(`${installation().url}/-/form/${id}`, {
        method: 'POST',
        body: new URLSearchParams({ address: 'taro@example.jp', consent: 'yes' }),
        headers: { 'user-agent': 'Reader/1' },
      })
      assert.equal(sent.status, 200)
      await updateForm(database, service, id, { name: '別の名前', now: 1 })
      const other = { address: 'jiro@example.jp', key: 'jiro@example.jp' }
      await join({ service, recipient: other, via: 'api' })

      await open('address#address=taro%40example.jp')
      await page.getByText(words.registered).waitFor()
      await page.getByText(words.details).click()
      const proof = async () => {
        await page.getByText(words.revision).waitFor()
        await page.getByText('127.0.0.1 · Reader/1').waitFor()
        await page.getByText(words.language, { exact: true }).last().waitFor()
        assert.equal(await page.locator('q').innerText(), TEXT)
        assert.deepEqual(await barriers(page, language), [])
      }
      await proof()

      await open('subscribers')
      await page.getByRole('button', { name: words.edit }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('region', { name: words.title }).locator('summary').click()
      await proof()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: words.editOther }).click()
      await dialog.getByText(words.none).waitFor()
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: words.download }).click()
      const coming = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: words.csv }).first().click()
      const stream = await (await coming).createReadStream()
      const file = Buffer.concat(await stream.toArray()).toString()
      assert.match(file, /taro@example\.jp,.*,メルマガ,[a-z2-7]{16},1,ja,"私は、\n<b>個人情報<\/b>/s)
      assert.deepEqual(complaints, [])
    })
  }
})
