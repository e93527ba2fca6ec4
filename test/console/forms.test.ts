import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { findForms, updateForm } from '../../src/subscribers/forms/form.ts'
import { findSubscriber } from '../../src/subscribers/search.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { textOfMail } from '../support/mail-text.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const PUBLIC = 'https://u.example.com'

const WORDS = {
  ja: {
    ...{ create: '登録フォームを作成', addField: '入力項目を追加', attribute: '属性名', save: '保存' },
    ...{ name: /^フォーム名/, label: '項目名 (日本語)', required: '必須にする' },
    ...{ done: '登録完了の文言', embed: '埋め込み', active: '公開', remove: '削除' },
    ...{ overwrite: '自分の内容で上書きする', take: '変更された項目を取り込む' },
    ...{
      address: 'メールアドレス',
      register: '登録する',
      missing: '入力してください。',
      sites: 'フレームで表示するサイト(任意)',
    },
    ...{ sent: '確認メールをご覧ください', closed: '受付を終了しました', atOnce: 'すぐに登録' },
    ...{ doubleOptIn: '確認メールで本人の意思を確かめる(ダブルオプトイン)', texts: '文言 (日本語)' },
  },
  en: {
    ...{ create: 'Create a form', addField: 'Add a field', attribute: 'Attribute', save: 'Save' },
    ...{ name: /^Name/, label: 'Label (English)', required: 'Has to be filled in' },
    ...{
      done: 'Said after registering',
      embed: 'Embed',
      active: 'Open',
      remove: 'Delete',
      english: 'Japanese',
    },
    ...{ overwrite: 'Overwrite with mine', take: 'Take their changes over' },
    ...{
      address: 'E-mail address',
      register: 'Register',
      missing: 'Please fill this in.',
      sites: 'Sites that show it in a frame (optional)',
    },
    ...{ sent: 'Please look into your mail', closed: 'This form is closed', atOnce: 'At once' },
    ...{ doubleOptIn: 'Have it confirmed by mail (double opt-in)', texts: 'Texts (English)' },
  },
} as const

describe('registration forms in the console', () => {
  let sink: SmtpSink
  const installation = sharedInstallation('sqlite', async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    const env = { KAIJO_RELAY_URL: sink.url, KAIJO_PUBLIC_URL: PUBLIC }
    return { serves: 'http,worker', now: Date.now(), env }
  })
  const newPage = sharedBrowser()
  const here = (text: string) => text.replaceAll(PUBLIC, installation().url)

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`are made, opened by a reader, confirmed by mail, and take that reader off the lists (${language})`, async (t) => {
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      await tenant.stop('sender:news@example.com', 'taro@example.jp')
      await open('forms')
      await page.getByRole('link', { name: words.create }).first().waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await make(page, language)
      const [form] = await findForms(database, tenant.service.id)
      assert.deepEqual(
        [form?.name, form?.doubleOptIn, form?.fields.map(({ attribute, required }) => [attribute, required])],
        ['letter', true, [['name', true]]],
      )
      assert.deepEqual(await barriers(page, language), [])

      const href = (await page.locator(`a[href="${PUBLIC}/-/form/${form?.id}"]`).getAttribute('href')) ?? ''
      const reader = await page.context().newPage()
      await reader.goto(here(href))
      assert.deepEqual(await barriers(reader, language), [])
      await reader.getByLabel(words.address).fill('taro@example.jp')
      // What is missing a browser holds back by itself; blanks it sends.
      await reader.getByLabel('Your name').fill(' ')
      await reader.getByRole('button', { name: words.register }).click()
      await reader.getByText(words.missing).waitFor()
      assert.equal(await reader.getByLabel(words.address).inputValue(), 'taro@example.jp')
      assert.deepEqual(await barriers(reader, language), [])
      await reader.getByLabel('Your name').fill('山田 太郎')
      const before = sink.messages.length
      await reader.getByRole('button', { name: words.register }).click()
      await reader.getByRole('heading', { name: words.sent }).waitFor()
      assert.doesNotMatch(reader.url(), /taro/)
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)

      const { text } = textOfMail((await sink.waitFor(before + 1)).at(-1)?.raw ?? Buffer.alloc(0))
      const [link = ''] = /https:\/\/u\.example\.com\/-\/join\/[\w-]+/.exec(text) ?? []
      await reader.goto(here(link))
      await reader.getByRole('button', { name: words.register }).click()
      await reader.getByText('Welcome to us.').waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), true)
      const { attributes, via } = await findSubscriber(database, tenant.service, 'taro@example.jp')
      assert.deepEqual([attributes, via], [{ name: '山田 太郎' }, 'form'])
      assert.deepEqual(complaints, [])
    })

    it(`are put on a site of the customer's, closed and deleted (${language})`, async (t) => {
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      const site = await startSite(t)
      await open('forms')
      await make(page, language, async () => {
        await page.getByRole('switch', { name: words.doubleOptIn }).uncheck()
        await page.getByText(words.atOnce).waitFor()
        await page.getByLabel(words.sites).fill(site.origin)
      })
      const [form] = await findForms(database, tenant.service.id)
      assert.deepEqual([form?.doubleOptIn, form?.embedOrigins], [false, [site.origin]])

      await page.getByRole('button', { name: words.embed, exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('code').nth(2).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      const codes = await dialog.locator('code').allTextContents()
      await page.keyboard.press('Escape')

      const reader = await newPage({ locale: language === 'ja' ? 'ja-JP' : 'en-GB' })
      t.after(() => reader.context().close())
      for (const [index, code] of codes.slice(1).entries()) {
        const address = `reader${index}@example.jp`
        await tenant.stop('sender:news@example.com', address)
        site.body = here(code)
        await reader.goto(site.origin)
        const place = index === 0 ? reader : reader.frameLocator('iframe')
        await place.getByLabel(words.address).fill(address)
        await place.getByLabel('Your name').fill('Taro')
        await place.getByRole('button', { name: words.register }).click()
        await place.getByText('Welcome to us.').waitFor()
        assert.equal(await tenant.wouldMail(address), true)
      }

      await page.getByRole('switch', { name: `${words.active}: letter` }).press('Space')
      await page.getByRole('switch', { name: `${words.active}: letter`, checked: false }).waitFor()
      await reader.goto(here(`${PUBLIC}/-/form/${form?.id}`))
      await reader.getByRole('heading', { name: words.closed }).waitFor()
      await page.getByRole('button', { name: words.remove, exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.remove, exact: true }).click()
      await page.getByRole('link', { name: 'letter', exact: true }).waitFor({ state: 'detached' })
      assert.deepEqual(await findForms(database, tenant.service.id), [])
      assert.deepEqual(complaints, [])
    })

    it(`tell who edits one at the same time as another, who then chooses and loses nothing (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      await open('forms')
      await make(page, language)
      const stored = async () => (await findForms(database, tenant.service.id))[0]
      const edit = async (name: string) => {
        await open(`forms/${(await stored())?.id}`)
        await page.getByRole('textbox', { name: words.name }).fill(name)
        const { id = '', revision } = (await stored()) ?? {}
        await updateForm(database, tenant.service, id, { name: `theirs ${revision}`, now: 1 })
        await page.getByRole('button', { name: words.save, exact: true }).click()
        await page.getByRole('alert').waitFor()
      }
      await edit('mine')
      assert.equal((await stored())?.name, 'theirs 1')
      assert.equal(await page.getByRole('textbox', { name: words.name }).inputValue(), 'mine')
      await page.getByRole('button', { name: words.overwrite }).click()
      await page.getByRole('link', { name: 'mine', exact: true }).waitFor()
      assert.equal((await stored())?.name, 'mine')
      await edit('mine again')
      await page.getByRole('button', { name: words.take }).click()
      await page.getByRole('alert').waitFor({ state: 'detached' })
      assert.equal(await page.getByRole('textbox', { name: words.name }).inputValue(), 'theirs 3')
    })

    it(`say beside the input what is wrong, and keep what was entered, on a narrow screen too (${language})`, async (t) => {
      const viewport = { width: 360, height: 740 }
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language, viewport })
      await open('forms/new')
      await page.getByRole('textbox', { name: words.name }).fill('letter')
      await page.getByRole('button', { name: words.addField }).click()
      await page.getByRole('button', { name: words.save, exact: true }).click()
      await page.locator('[aria-invalid=true]').nth(2).waitFor()
      assert.equal(await page.getByRole('textbox', { name: words.name }).inputValue(), 'letter')
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
      assert.deepEqual(await barriers(page, language), [])
      assert.deepEqual(await findForms(installation().capabilities.database, tenant.service.id), [])
    })
  }

  /** Makes a form by name `letter` that asks for a name, beginning on the list. */
  async function make(page: ConsolePage['page'], language: 'ja' | 'en', more = async () => {}) {
    const words = WORDS[language]
    await page.getByRole('link', { name: words.create }).first().click()
    await page.getByRole('textbox', { name: words.name }).fill('letter')
    await more()
    const texts = page.getByRole('group', { name: words.texts })
    await texts.getByRole('textbox').first().fill('Our letter')
    await texts.getByLabel(words.done).fill('Welcome to us.')
    await page.getByRole('button', { name: words.addField }).click()
    await page.getByLabel(words.attribute).fill('name')
    await page.getByLabel(words.label).fill('Your name')
    await page.getByLabel(words.required).check()
    await page.locator('[inert]').getByText('Our letter').waitFor()
    await page.locator('[inert]').getByText('Your name').waitFor()
    assert.deepEqual(await barriers(page, language), [])
    await page.getByRole('button', { name: words.save, exact: true }).click()
    await page.getByRole('link', { name: 'letter', exact: true }).waitFor()
  }
})

/** A site of the customer's with one page. */
async function startSite(t: { after(end: () => unknown): void }) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Site</title>${site.body}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const site = { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, body: '' }
  return site
}
