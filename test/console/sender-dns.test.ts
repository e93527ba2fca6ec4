import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { txtStrings } from '../../src/mail/dkim-keys.ts'
import { sharedBrowser } from '../support/browser.ts'
import { startDnsServer } from '../support/dns-server.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    dns: 'DNS 設定',
    none: '署名に使う DKIM の鍵がありません',
    check: 'DNS を確認',
    again: 'もう一度確認',
    missing: '登録されていません',
    published: '登録されています',
    differs: '別の値が登録されています',
    unseen: '確認できませんでした',
    waits: 'DNS 登録待ち',
    wrong: '誤り',
    ignored: /^v=DMARC1; p=everything.*受信側に無視されます/s,
  },
  en: {
    dns: 'DNS',
    none: 'There is no DKIM key to sign with',
    check: 'Look it up',
    again: 'Look again',
    missing: 'Not published',
    published: 'Published',
    differs: 'Something else is published',
    unseen: 'DNS could not be asked',
    waits: 'Waits for DNS',
    wrong: 'Wrong',
    ignored: /^v=DMARC1; p=everything.*receivers ignore it/s,
  },
} as const

describe('the DNS of a sender in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    it(`is shown to be copied, and looked up in words (${language})`, async (t) => {
      const words = WORDS[language]
      const dns = await startDnsServer(t)
      dns.askedHere()
      const domain = `${language}.example`
      const { dkim } = installation().capabilities
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      await tenant.addSender({ address: `news@${domain}`, oneClick: false })
      await open('senders')
      const show = () => page.getByRole('button', { name: `${words.dns}: news@${domain}` }).click()
      await show()
      await page.getByText(words.none).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await page.keyboard.press('Escape')

      const now = Date.now()
      const [rsa, ed] = await dkim.create({ domain, selector: 'k1', algorithm: 'both', now })
      const [next] = await dkim.rotate({ domain, selector: 'k2', algorithm: 'rsa-sha256', now })
      assert.ok(rsa && ed && next)
      await page.reload()
      await show()
      const key = (dnsName: string) => page.getByRole('region', { name: dnsName })
      for (const { dnsName, record } of [rsa, ed]) {
        await key(dnsName).locator('code').filter({ hasText: record }).waitFor()
        await key(dnsName).getByRole('button').first().waitFor()
      }
      await key(next.dnsName).getByText(words.waits).waitFor()
      await page.getByRole('button', { name: words.check, exact: true }).click()
      await key(rsa.dnsName).getByText(words.missing, { exact: true }).waitFor()
      assert.deepEqual(await barriers(page, language), [])

      dns.zone.set(rsa.dnsName, txtStrings(rsa.record))
      dns.zone.set(ed.dnsName, [rsa.record.slice(0, 200)])
      dns.broken.add(next.dnsName)
      dns.zone.set(domain, ['v=spf1 -all'])
      dns.zone.set(`_dmarc.${domain}`, ['v=DMARC1; p=everything'])
      await page.getByRole('button', { name: words.again, exact: true }).click()
      await key(rsa.dnsName).getByText(words.published, { exact: true }).waitFor()
      await key(ed.dnsName).getByText(words.differs, { exact: true }).waitFor()
      await key(next.dnsName).getByText(words.unseen, { exact: true }).waitFor()
      await page.getByText('v=spf1 -all').waitFor()
      await page.locator('dd').filter({ hasText: words.ignored }).waitFor()
      await page.getByText(words.wrong, { exact: true }).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.deepEqual(complaints, [])
    })
  }
})
