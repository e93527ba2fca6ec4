import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'
import { mail } from './mailing.ts'

const grants = { role: 'operator', permissions: ['error-count-reset'] } as const

const WORDS = {
  ja: {
    address: 'メールアドレス',
    show: '照会する',
    deliverable: '配信対象です。どのリストでも除外されていません。',
    excluded: '次のリストにより配信から除外されています。',
    resume: '配信を再開: news@example.com の購読停止',
    doResume: '配信を再開する',
    continue: '続ける',
    block: '配信除外リストに登録',
    doBlock: '登録する',
    stop: '送信元アドレスを選んで購読停止',
    doStop: '購読を停止する',
    stopped: '配信停止',
    resumed: '配信再開',
    left: '配信除外',
    noSubscriber: 'エンドユーザーとして登録されていません。',
  },
  en: {
    address: 'Mail address',
    show: 'Look up',
    deliverable: 'Deliverable: no list excludes it.',
    excluded: 'Excluded from mail by these lists.',
    resume: 'Resume: Unsubscribed from news@example.com',
    doResume: 'Resume',
    continue: 'Continue',
    block: 'Put on the blocklist',
    doBlock: 'Block',
    stop: 'Stop the mail of a sender',
    doStop: 'Stop',
    stopped: 'Stopped',
    resumed: 'Resumed',
    left: 'Excluded',
    noSubscriber: 'Nobody is registered as a subscriber with it.',
  },
} as const

describe('one address in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`tells why it is excluded, and lets mail reach it again (${language})`, async (t) => {
      const opened = await openConsole(t, installation(), newPage, {
        ...{ language, grants: { ...grants, permissions: [...grants.permissions] } },
      })
      const { page, open, tenant, complaints } = opened
      await tenant.stop('sender:news@example.com', 'taro+1@example.jp')
      await mail(opened, ['taro+1@example.jp'])
      await open('address')
      await page.getByLabel(words.address).fill('taro+1@example.jp')
      await page.getByRole('button', { name: words.show }).click()
      await page.getByText(words.excluded).waitFor()
      await page.getByText(words.left, { exact: true }).first().waitFor()
      await page.getByText(words.noSubscriber).waitFor()
      const { pathname, search, hash } = new URL(page.url())
      assert.match(hash, /^#address=taro/)
      assert.doesNotMatch(pathname + search, /taro/)

      await page.getByRole('button', { name: words.resume }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.doResume, exact: true }).click()
      const again = page.getByRole('dialog').filter({ has: page.locator('input[type=password]') })
      await again.locator('input[type=password]').fill(PASSWORD)
      await again.getByRole('button', { name: words.continue }).click()
      await page.getByText(words.deliverable).waitFor()
      await page.getByText(words.resumed, { exact: true }).waitFor()
      // What is handed to a lawyer says who did it, and is whole on paper.
      const who = page.getByRole('cell', { name: /^person\d+@example\.com$/, includeHidden: true })
      await page.evaluate("dispatchEvent(new Event('beforeprint'))")
      assert.equal(await who.isVisible(), true)
      await page.evaluate("dispatchEvent(new Event('afterprint'))")
      assert.equal(await who.isVisible(), false)
      assert.equal(await tenant.wouldMail('taro+1@example.jp'), true)
      // What the record calls it besides is for programs.
      assert.equal(await page.getByText(/· (resume|remove) ·/).count(), 0)
      // The browser itself tells of answers that asked for the password, and of who is no subscriber.
      assert.deepEqual(
        complaints.filter((text) => !/40[34]/.test(text)),
        [],
      )
    })

    it(`puts it on the blocklist, or stops one sender, after saying what that means (${language})`, async (t) => {
      const { page, open, tenant } = await openConsole(t, installation(), newPage, { language })
      await open(`address#address=${encodeURIComponent('hanako@example.jp')}`)
      await page.getByText(words.deliverable).waitFor()
      await page.getByRole('button', { name: words.stop }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.doStop, exact: true }).click()
      await page.getByText(words.excluded).waitFor()
      assert.equal(await tenant.wouldMail('hanako@example.jp'), false)

      await open(`address#address=${encodeURIComponent('jiro@example.jp')}`)
      await page.reload()
      await page.getByText(words.deliverable).waitFor()
      await page.getByRole('button', { name: words.block }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.doBlock, exact: true }).click()
      await page.getByText(words.excluded).waitFor()
      assert.equal(await tenant.wouldMail('jiro@example.jp'), false)
    })
  }

  it('is reached from the lists, and offers a viewer nothing to change', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, {
      grants: { role: 'viewer' },
    })
    await tenant.stop('blocklist', 'taro@example.jp')
    await open('lists/blocklist')
    await page.getByRole('link', { name: 'taro@example.jp' }).click()
    await page.getByText(WORDS.ja.excluded).waitFor()
    for (const name of [WORDS.ja.block, WORDS.ja.stop, /配信を再開/]) {
      assert.equal(await page.getByRole('button', { name }).count(), 0)
    }
    assert.deepEqual(await barriers(page), [])
  })

  it('says what is wrong with what is no address', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage)
    await open('address')
    assert.deepEqual(await barriers(page), [])
    await page.getByLabel(WORDS.ja.address).fill('nobody')
    await page.getByRole('button', { name: WORDS.ja.show }).click()
    await page.getByRole('alert').waitFor()
  })
})
