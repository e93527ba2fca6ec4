import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { createForm } from '../../src/subscribers/forms/form.ts'
import { embedCode } from '../../src/subscribers/forms/form-view.ts'
import { findSubscriber } from '../../src/subscribers/search.ts'
import type { FormRequest } from '../../src/tenants/form-rules.ts'
import { sharedBrowser } from '../support/browser.ts'
import { addTenant, sharedInstallation } from '../support/installation.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { barriers } from './accessible.ts'

const SCRIPT = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
/** Turns round what stands behind it, until something ends it. */
const OVERRIDE = '\u202e'

const WORDS = {
  ja: { address: 'メールアドレス', register: '登録する', done: '登録が完了しました', required: '(必須)' },
  en: {
    address: 'E-mail address',
    register: 'Register',
    done: 'You are registered',
    required: '(required)',
  },
} as const

describe('the public page of a registration form in a browser', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]
    const locale = language === 'ja' ? 'ja-JP' : 'en-GB'

    it(`lets nobody fall into its trap, however a site styles it, but programs (${language})`, async (t) => {
      const { form, joined } = await begin()
      const { url } = installation()
      const style = '<style>p, label, input { display: block !important; width: 300px !important }</style>'
      const site = await startSite(t, () => style + embedCode(form, language, url).form)
      const page = await newPage({ locale })
      t.after(() => page.context().close())
      await page.goto(site)
      const trap = page.locator('input[name=website]')
      const { x = 0, y = 0 } = (await trap.boundingBox()) ?? {}
      assert.ok(y > 0)
      await page.mouse.click(x + 20, y + 8)
      await page.keyboard.type('typed')
      for (let tab = 0; tab < 6; tab++) {
        await page.keyboard.press('Tab')
        assert.equal(await page.evaluate('document.activeElement.name === "website"'), false)
      }
      assert.equal(await trap.inputValue(), '')
      await page.getByLabel(words.address).fill('person@example.jp')
      await page.getByRole('button', { name: words.register }).click()
      await page.getByRole('heading', { name: words.done }).waitFor()
      assert.equal(await joined('person@example.jp'), true)
      const answer = await page.locator('main').innerText()

      await page.goto(site)
      await page.getByLabel(words.address).fill('program@example.jp')
      await page.evaluate('document.querySelector("input[name=website]").value = "https://spam.example"')
      await page.getByRole('button', { name: words.register }).click()
      await page.getByRole('heading', { name: words.done }).waitFor()
      assert.equal(await page.locator('main').innerText(), answer)
      assert.equal(await joined('program@example.jp'), false)
    })

    it(`stands in frames of the sites that it names alone, and registers there (${language})`, async (t) => {
      const html = { code: '' }
      const site = await startSite(t, () => html.code)
      const stranger = await startSite(t, () => html.code)
      const { form, joined } = await begin({ embedOrigins: [site] })
      html.code = embedCode(form, language, installation().url).frame
      const page = await newPage({ locale })
      t.after(() => page.context().close())
      const refused: string[] = []
      page.on('console', (message) => void refused.push(message.text()))
      await page.goto(site)
      const inFrame = page.frameLocator('iframe')
      // A browser takes it for one.
      await inFrame.getByLabel(words.address).fill('no@address')
      await inFrame.getByRole('button', { name: words.register }).click()
      await inFrame.locator('[aria-invalid=true]').waitFor()
      await inFrame.getByLabel(words.address).fill('framed@example.jp')
      await inFrame.getByRole('button', { name: words.register }).click()
      await inFrame.getByRole('heading', { name: words.done }).waitFor()
      assert.equal(await joined('framed@example.jp'), true)
      assert.deepEqual(
        refused.filter((text) => !/status of 422/.test(text)),
        [],
      )

      await page.goto(stranger)
      while (!refused.some((text) => text.includes('frame-ancestors'))) await page.waitForEvent('console')
      assert.equal(await inFrame.locator('form').count(), 0)
    })

    it(`shows whatever its texts hold as text, which stays in its place (${language})`, async (t) => {
      const label = { [language]: `${OVERRIDE}turned` }
      const { form } = await begin({
        texts: {
          [language]: {
            title: SCRIPT,
            lead: `${SCRIPT}\n${'W'.repeat(500)} שלום`,
            button: 'x'.repeat(40),
            consent: `line 1\nline 2 ${OVERRIDE}${'c'.repeat(500)}`,
          },
        },
        fields: [
          { attribute: '__proto__', type: 'text', label, required: true },
          {
            ...{ attribute: 'choice', type: 'choice', label: { [language]: 'l'.repeat(200) } },
            choices: [{ value: SCRIPT, label: { [language]: SCRIPT } }],
          },
        ],
      })
      const page = await newPage({ locale, viewport: { width: 360, height: 740 } })
      t.after(() => page.context().close())
      const said: string[] = []
      page.on('console', (message) => void said.push(message.text()))
      page.on('dialog', async (dialog) => {
        said.push(dialog.message())
        await dialog.dismiss()
      })
      await page.goto(`${installation().url}/-/form/${form.id}`)
      assert.equal(await page.locator('h1').innerText(), SCRIPT)
      assert.equal(await page.title(), SCRIPT)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
      assert.equal(await page.locator('label br').count(), 1)
      // What is beside a label that turns text round is not turned with it: it stands right of it.
      const [turned, word] = await Promise.all(
        ['bdi', 'small'].map((part) => page.locator(`label[for=kaijo-1] ${part}`).boundingBox()),
      )
      assert.ok((word?.x ?? 0) >= (turned?.x ?? 0) + (turned?.width ?? 0))
      assert.equal(await page.locator('label[for=kaijo-1] small').innerText(), words.required)
      await page.locator('#kaijo-1').fill(SCRIPT)
      await page.getByLabel(words.address).fill('no@address')
      await page.evaluate('document.querySelector("form").noValidate = true')
      await page.locator('button').click()
      await page.locator('#kaijo-0[aria-invalid=true]').waitFor()
      assert.equal(await page.locator('#kaijo-1').inputValue(), SCRIPT)
      assert.deepEqual(await barriers(page, language), [])
      assert.deepEqual(
        said.filter((text) => !/status of 422/.test(text)),
        [],
      )
    })
  }

  /** A form that joins at once, offered in both languages unless given. */
  async function begin(change: Partial<FormRequest> = {}) {
    const { service } = await addTenant(installation())
    const { database } = installation().capabilities
    const form = await createForm(database, service, {
      ...{ name: 'letter', texts: { ja: { title: '登録' }, en: { title: 'Letter' } } },
      ...{ doubleOptIn: false, now: 0, ...change },
    })
    const joined = (address: string) =>
      findSubscriber(database, service, address).then(
        ({ membership }) => membership === 'joined',
        () => false,
      )
    return { form, joined }
  }
})

/** A site of somebody's with one page; answers its origin. */
async function startSite(t: Lifetime, body: () => string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Site</title>${body()}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
