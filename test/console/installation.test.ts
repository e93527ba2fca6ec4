import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toMasterKey } from '../../src/config/master-key.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { createLinks } from '../../src/tokens/link.ts'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { type Installation, sharedInstallation, type Tenant } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const WORDS = {
  ja: {
    nobodys: 'サービス不明の受信メール',
    nobodysMail: /#\d+ その他/,
    resolve: '対応済みにする',
    none: '対応が必要なメールはありません',
    unverified: '検証できないリクエスト',
    attention: '対応が必要なこと',
    waiting: { all: /^全サービスで、検証できない/, ofService: /^秘密鍵がないため/ },
    missing: '鍵がありません',
    retry: '鍵があるものを反映する',
    retried: '1 件を反映し、',
    discard: '破棄',
    discarded: '1 件を破棄しました。',
    allDone: '検証を待つリクエストはありません',
  },
  en: {
    nobodys: 'Mail of no service',
    nobodysMail: /#\d+ Other/,
    resolve: 'Mark as seen to',
    none: 'No mail waits for you',
    unverified: 'Unverified requests',
    attention: 'What needs attention',
    waiting: { all: /^Unsubscribe requests of all services/, ofService: /for lack of a secret key/ },
    missing: 'Is missing',
    retry: 'Carry out those whose key is here',
    retried: '1 were carried out',
    discard: 'Discard',
    discarded: '1 were discarded.',
    allDone: 'No request waits for a key',
  },
} as const

let keys = 0

/** A key that no process has yet. */
const newKey = () => toMasterKey(Buffer.alloc(32, 100 + keys++))

/** What a provider posts by a link that was made with this key. */
async function post(
  { url }: Installation,
  { list }: Tenant,
  key: ReturnType<typeof newKey>,
  recipient: string,
) {
  const links = createLinks({ keyring: new Keyring([key]), publicUrl: url })
  const link = links.make(list, { recipient, mintedAt: Date.now(), message: null })
  assert.equal((await fetch(link.url, { method: 'POST' })).status, 200)
}

describe('what is no service\u2019s, in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const confirm = async ({ page }: ConsolePage) => {
    const password = page.locator('input[type=password]')
    await password.fill(PASSWORD)
    await password.press('Enter')
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`is mail that came in, which is read and seen to (${language})`, async (t) => {
      const { inbound, database } = installation().capabilities
      await inbound.receiveMail({
        ...{
          raw: Buffer.from('Subject: hello\r\n\r\nPlease stop.'),
          sender: '',
          recipient: 'info@in.example',
        },
        ...{ clientAddress: null, helo: null, receivedAt: Date.now(), vouchedBy: 'nobody' },
      })
      const opened = await openConsole(t, installation(), newPage, { language, grants: { siteId: null } })
      const { page, open, complaints } = opened
      await open('')
      await page.getByRole('link', { name: words.nobodys }).first().click()
      await page.getByRole('button', { name: words.nobodysMail }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('Please stop.').waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await dialog.getByRole('button', { name: words.resolve }).click()
      await dialog.getByRole('button', { name: words.resolve }).waitFor({ state: 'detached' })
      await page.keyboard.press('Escape')
      await page.getByText(words.none).waitFor()
      const mails = database.query.selectFrom('inbound_mail').where('service_id', 'is', null)
      const rows = await database.read(mails.select('resolved_by'))
      assert.ok(rows.every(({ resolved_by }) => resolved_by?.startsWith('person:')))
      assert.deepEqual(complaints, [])
    })

    it(`is requests that wait for a key: carried out once it is there, or given up (${language})`, async (t) => {
      const opened = await openConsole(t, installation(), newPage, { language, grants: { siteId: null } })
      const { page, open, tenant, complaints } = opened
      const [lost, forged] = [newKey(), newKey()]
      await post(installation(), tenant, lost, 'taro@example.jp')
      await post(installation(), tenant, forged, 'hanako@example.jp')
      await open('')
      const matters = page.getByRole('region', { name: words.attention })
      await matters.getByText(words.waiting.all).waitFor()
      assert.equal(await matters.getByText(words.waiting.ofService).count(), 0)
      await page.getByRole('link', { name: words.unverified }).first().click()
      await page.getByText(words.missing).nth(1).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      installation().capabilities.keyring.add(lost)
      await page.getByRole('button', { name: words.retry }).click()
      await page.getByText(words.retried).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)
      assert.equal(await tenant.wouldMail('hanako@example.jp'), true)

      await page.getByRole('button', { name: `${words.discard}: ${forged.id}` }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.discard, exact: true }).click()
      await confirm(opened)
      await page.getByText(words.discarded).waitFor()
      await page.getByText(words.allDone).waitFor()
      const { unverified } = installation().capabilities.publicParts
      assert.deepEqual(await unverified.waiting(), [])
      complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('403')))
      assert.deepEqual(complaints, [])
    })
  }

  it('is shown to nobody who looks after one site alone', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, {
      grants: { role: 'administrator' },
    })
    await open('')
    await page.locator('nav').getByText('操作ログ').waitFor()
    assert.equal(await page.getByRole('link', { name: WORDS.ja.nobodys }).count(), 0)
    await page.goto('/console/unverified')
    await page.getByText(/^開けるのは、役割が「管理者」で、すべてのサイト/).waitFor()
  })
})
