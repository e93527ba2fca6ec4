import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findService, updateService } from '../../src/tenants/service.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    domains: '使用できるドメイン',
    add: 'ドメインを追加',
    domain: 'ドメイン 1',
    second: 'ドメイン 2',
    rate: 'ドメイン 1 の 1 秒あたりの配信数',
    secondRate: 'ドメイン 2 の 1 秒あたりの配信数',
    remove: 'docomo.ne.jp の制限を削除',
    twice: '同じドメインが 2 回入力されています。どちらかを削除してください。',
    noDomain: 'ドメイン(例: example.com)を入力してください。',
    noRate: '1 秒あたりの配信数を入力してください。',
    wrongDomain: 'no domain: ドメイン(例: example.com)を入力してください。',
    connections: 'リレーへの同時接続数',
    rfc3339: '2021-05-01T16:34:00+09:00(RFC 3339)',
    theirs: '「宛先ドメインごとの配信の速さ」が「au.com 3 通/秒」に変更されています。',
    takeOver: '変更された項目を取り込む',
    save: '保存',
    record: 'サービス設定の変更',
    replaced: 'リレーへの同時接続数',
  },
  en: {
    domains: 'Allowed domains',
    add: 'Add a domain',
    domain: 'Domain 1',
    second: 'Domain 2',
    rate: 'Mails per second to domain 1',
    secondRate: 'Mails per second to domain 2',
    remove: 'Remove the limit of docomo.ne.jp',
    twice: 'The same domain stands there twice. Remove one of them.',
    noDomain: 'Must be named by a domain',
    noRate: 'Must be a number of mails a second.',
    wrongDomain: 'no domain: Must be a domain',
    connections: 'Connections to the relay',
    rfc3339: '2021-05-01T16:34:00+09:00 (RFC 3339)',
    theirs: '“Mails per second by domain” is now “au.com 3 / s”.',
    takeOver: 'Take their changes over',
    save: 'Save',
    record: 'Settings of a service changed',
    replaced: 'Connections to the relay',
  },
} as const

describe('the domains of a service in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()
  const stored = (id: number) => findService(installation().capabilities.database, id)

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`are let into From and slowed down, and what is wrong with one is said beside it (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { id } = tenant.service
      const field = (name: string) => page.getByLabel(name, { exact: true })
      const save = page.getByRole('button', { name: words.save, exact: true })
      const add = page.getByRole('button', { name: words.add })
      await open('settings')
      await field(words.domains).fill('Shop.example、例え.テスト\nno domain')
      await add.click()
      await field(words.domain).fill('docomo.ne.jp')
      await save.click()
      await page.getByText(words.noRate).first().waitFor()
      // Blanks part domains as lines do.
      await page.getByText(words.wrongDomain.replace('no domain', 'no')).first().waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await field(words.domains).fill('Shop.example、例え.テスト')
      await field(words.rate).fill('0.5')

      await add.click()
      await field(words.second).fill('docomo.ne.jp')
      await field(words.secondRate).fill('7')
      await page.getByText(words.twice).waitFor()
      await save.click()
      assert.deepEqual((await stored(id)).settings.domainRates, {})
      await field(words.second).fill('not a domain')
      await save.click()
      await page.getByText(words.noDomain).first().waitFor()
      assert.equal(await field(words.secondRate).inputValue(), words.save === 'Save' ? '7 / s' : '7 通/秒')
      await field(words.second).fill('*')
      // A row that nobody filled in is none.
      await add.click()

      await field(words.connections).fill('3')
      await page.getByRole('radio', { name: words.rfc3339 }).check()
      await save.click()
      await save.waitFor({ state: 'detached' })
      const { allowedDomains, settings } = await stored(id)
      assert.deepEqual(allowedDomains, ['shop.example', 'xn--r8jz45g.xn--zckzah'])
      assert.deepEqual(settings.domainRates, { 'docomo.ne.jp': 0.5, '*': 7 })
      assert.deepEqual([settings.connections, settings.araraV1Times], [3, 'rfc3339'])

      await page.getByRole('button', { name: words.remove }).click()
      await save.click()
      await save.waitFor({ state: 'detached' })
      assert.deepEqual((await stored(id)).settings.domainRates, { '*': 7 })

      await page.goto('/console/audit')
      const record = page.getByRole('row').filter({ hasText: words.record })
      await record.filter({ hasText: new RegExp(`${words.replaced}\\s*20 → 3`) }).waitFor()
      assert.deepEqual(await barriers(page, language), [])
    })

    it(`that two people slow down lose neither’s (${language})`, async (t) => {
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { id } = tenant.service
      const field = (name: string) => page.getByLabel(name, { exact: true })
      const save = page.getByRole('button', { name: words.save, exact: true })
      await open('settings')
      await field(words.connections).fill('4')
      await updateService(installation().capabilities.database, id, {
        settings: { domainRates: { 'au.com': 3 } },
      })
      await save.click()
      await page.getByText(words.theirs).waitFor()
      await page.getByRole('button', { name: words.takeOver }).click()
      assert.equal(await field(words.domain).inputValue(), 'au.com')
      await save.click()
      await save.waitFor({ state: 'detached' })
      const { settings } = await stored(id)
      assert.deepEqual([settings.connections, settings.domainRates], [4, { 'au.com': 3 }])
    })
  }
})
