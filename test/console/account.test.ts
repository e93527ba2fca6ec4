import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openBrowser, PASSWORD, signedIn } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1'
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0'

const WORDS = {
  ja: {
    phone: 'Safari 18 · iOS · スマートフォン',
    desktop: 'Microsoft Edge 141 · Windows · パソコン',
    unknown: '不明な端末',
    here: 'この端末',
    lastUsed: /^最終利用: .+ \(Asia\/Tokyo\)$/,
    from: '接続元: 127.0.0.1',
    end: 'サインアウトさせる',
  },
  en: {
    phone: 'Safari 18 · iOS · Phone',
    desktop: 'Microsoft Edge 141 · Windows · Desktop',
    unknown: 'Unknown device',
    here: 'This one',
    lastUsed: /^Last used: .+ \(Asia\/Tokyo\)$/,
    from: 'Client address: 127.0.0.1',
    end: 'Sign it out',
  },
} as const

describe("one's account in the console", () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`tells where one is signed in, by the words for devices, and signs one of them out (${language})`, async (t) => {
      const { tenant, page: page0 } = await openConsole(t, installation(), newPage, { language })
      await page0.context().close()
      const email = `devices.${language}@example.com`
      await signedIn(installation(), email, { siteId: tenant.service.siteId })
      const signInWith = async (userAgent: string) => {
        const browser = openBrowser(installation())
        const json = { email, password: PASSWORD }
        await browser.fetch('/console/auth/sign-in/email', { json, headers: { 'user-agent': userAgent } })
        return browser
      }
      const [phone, here] = [await signInWith(IPHONE), await signInWith(EDGE)]
      const page = await newPage({
        ...{ baseURL: installation().url, locale: language === 'ja' ? 'ja-JP' : 'en-GB' },
      })
      t.after(() => page.context().close())
      page.setDefaultTimeout(30_000)
      await page.context().addCookies(here.cookies.map((each) => ({ ...each, url: installation().url })))
      await page.goto('/console/account')
      const session = (name: string) =>
        page.locator('section').last().locator('.mantine-Group-root').filter({ hasText: name })
      // A program whose User-Agent says nothing set the password.
      for (const name of [words.phone, words.desktop, words.unknown]) {
        await session(name).getByText(words.lastUsed).waitFor()
        await session(name).getByText(words.from, { exact: true }).waitFor()
      }
      assert.equal(await session(words.phone).getByText(words.phone).getAttribute('title'), IPHONE)
      await session(words.desktop).getByText(words.here, { exact: true }).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.equal((await phone.fetch('/api/v1/me')).status, 200)
      await page.getByRole('button', { name: `${words.end}: ${words.phone}` }).click()
      await session(words.phone).waitFor({ state: 'detached' })
      assert.equal((await phone.fetch('/api/v1/me')).status, 401)
      assert.equal((await here.fetch('/api/v1/me')).status, 200)
    })
  }
})
