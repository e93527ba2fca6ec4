import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findSenders } from '../../src/tenants/sender.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

describe('the senders in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  it('can be used by everyone', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage)
    await open('senders')
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: '送信元アドレスを登録' }).click()
    await page.getByRole('dialog').waitFor()
    assert.deepEqual(await barriers(page), [])
  })

  for (const language of ['ja', 'en'] as const) {
    it(`registers one for ever, after a warning (${language})`, async (t) => {
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      await open('senders')
      await page
        .getByRole('button', { name: { ja: '送信元アドレスを登録', en: 'Register a sender' }[language] })
        .click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('input[type=email]').fill('shop@example.com')
      const submit = dialog.locator('button[type=submit]')
      assert.ok(await submit.isDisabled())
      await dialog.getByRole('checkbox').check()
      await submit.click()
      await page.getByRole('cell', { name: 'shop@example.com', exact: true }).waitFor()
      const senders = await findSenders(installation().capabilities.database, tenant.service.id)
      assert.ok(senders.some(({ address, oneClick }) => address === 'shop@example.com' && oneClick))
      const row = page.getByRole('row').filter({ hasText: 'shop@example.com' })
      await row.getByText('List-Unsubscribe-Post: List-Unsubscribe=One-Click').waitFor()
      assert.deepEqual(complaints, [])
    })
  }
})
