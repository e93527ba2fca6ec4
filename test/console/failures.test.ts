import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    offline: 'サーバーに接続できません。ネットワークを確認してください。',
    unavailable: '一時的に利用できません。しばらくしてからもう一度お試しください。',
    internal: 'サーバーで問題が発生しました。続く場合は、管理者に連絡してください。',
    broken: /^画面の処理中に問題が発生しました。ページを再読み込みしてください。/,
    again: 'もう一度試す',
  },
  en: {
    offline: 'The server cannot be reached. Check the network.',
    unavailable: 'Not available at the moment. Try again in a little while.',
    internal: 'Something went wrong on the server. If it goes on, tell an administrator.',
    broken: /^Something went wrong in this page\. Reload it/,
    again: 'Try again',
  },
} as const

describe('what goes wrong where nobody did anything wrong', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`is told for what it is, and tried again (${language})`, async (t) => {
      const { page, open } = await openConsole(t, installation(), newPage, { language })
      const calls = /\/api\/v1\/services\/\d+\/senders\?/
      const fails = {
        offline: { abort: true },
        // As what stands between answers it, in a page of its own.
        unavailable: { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' },
        internal: { status: 500, contentType: 'text/html', body: '<h1>Oops</h1>' },
      } as const
      for (const [sentence, how] of Object.entries(fails)) {
        await page.route(calls, (route) => ('abort' in how ? route.abort() : route.fulfill(how)))
        await open('senders')
        await page.getByText(words[sentence as keyof typeof fails]).waitFor()
        assert.equal(await page.getByText(/Bad gateway|Oops/).count(), 0)
        await page.unroute(calls)
        await page.getByRole('button', { name: words.again }).click()
        await page.getByRole('table').getByText('news@example.com').waitFor()
      }
      // What a screen is about may be unknown as well.
      await page.route(calls, (route) => route.abort())
      await open('stop-lists')
      await page.getByText(words.offline).waitFor()
    })

    it(`is a mistake of the page's own where the server was reached (${language})`, async (t) => {
      const { page, open } = await openConsole(t, installation(), newPage, { language })
      await open('')
      // As after an update of the server, whose older files are gone.
      await page.route(/\/assets\/filters-/, (route) => route.fulfill({ status: 404, body: '' }))
      await page.locator('nav a[href$="/filters"]').click()
      await page.getByText(words.broken).waitFor()
    })
  }
})
