import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    first: 'はじめに',
    attention: '対応が必要なこと',
    look: '確認する',
    perDay: '日別の配信',
    answers: '日別の登録解除・ハードバウンス・迷惑メール報告',
    answersPerSender: '送信元アドレス別の登録解除・エラー・迷惑メール報告',
    table: '表で見る',
  },
  en: {
    first: 'First steps',
    attention: 'What needs attention',
    look: 'Look at it',
    perDay: 'Mail per day',
    answers: 'Unsubscribes, hard bounces and complaints per day',
    answersPerSender: 'Unsubscribes, bounces and complaints per sender',
    table: 'As a table',
  },
} as const

describe('the overview in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http,worker', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`is where one arrives, teaches the first steps, and then shows what became of mail (${language})`, async (t) => {
      const options = { language, byForm: true }
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, options)
      await page.getByText(words.first).waitFor()
      assert.match(page.url(), /\/services\/\d+\/?$/)
      assert.deepEqual(await barriers(page, language), [])

      await tenant.stop('sender:news@example.com', 'taro@example.jp')
      await tenant.stop('complaints', 'hanako@example.jp')
      const sent = await page.request.post(`/api/v1/services/${tenant.service.id}/deliveries`, {
        headers: { origin: installation().url },
        data: {
          from: 'news@example.com',
          subject: 'News',
          text: 'News',
          recipients: [{ to: 'taro@example.jp' }, { to: 'jiro@example.jp' }],
        },
      })
      assert.equal(sent.status(), 202)
      await open('')
      const table = page.getByRole('region', { name: words.perDay })
      await table.getByText(words.table).click()
      const cells = await table.getByRole('cell').allTextContents()
      assert.equal(cells[1], '1', 'one is excluded')
      const figures = await page.locator('dl').first().locator('dd').allTextContents()
      assert.deepEqual(figures.slice(3), ['1', '0', '1'])
      for (const [name, expected] of [
        [words.answers, ['1', '0', '1']],
        // Whom somebody put on the list of complaints by hand complained about no sender's mail.
        [words.answersPerSender, ['1', '0', '0']],
      ] as const) {
        const region = page.getByRole('region', { name })
        await region.getByText(words.table).click()
        assert.deepEqual((await region.getByRole('cell').allTextContents()).slice(0, 3), expected)
      }
      await page.locator('.recharts-surface').first().waitFor()
      assert.deepEqual(await barriers(page, language), [])

      const attention = page.getByRole('region', { name: words.attention })
      await attention.getByRole('link', { name: words.look }).first().click()
      await page.waitForURL(/senders/)
      assert.deepEqual(complaints, [])
    })
  }

  it('draws the bars of a single sender on a narrow screen, and counts in whole numbers', async (t) => {
    const viewport = { width: 360, height: 740 }
    const { page, tenant, open } = await openConsole(t, installation(), newPage, { viewport })
    const sent = await page.request.post(`/api/v1/services/${tenant.service.id}/deliveries`, {
      headers: { origin: installation().url },
      data: {
        from: 'news@example.com',
        subject: 'News',
        text: 'News',
        recipients: [{ to: 'taro@example.jp' }],
      },
    })
    assert.equal(sent.status(), 202)
    await tenant.stop('sender:news@example.com', 'taro@example.jp')
    const counts = async () =>
      (await page.request.get(`/api/v1/services/${tenant.service.id}/counts/days`)).json()
    while ((await counts()).items[0]?.kept !== 1) await sleep(50)
    await open('')
    // Nobody gets what is counted as mailed while there is no relay.
    await page.getByText(/リレーが設定されていないため.*1 件/).waitFor()
    const plot = page.getByRole('region', { name: WORDS.ja.answersPerSender })
    const bar = await plot.locator('.recharts-bar-rectangle path').first().boundingBox()
    assert.ok(bar && bar.height > 10 && bar.width > 10, JSON.stringify(bar))
    const ticks = page.locator('.recharts-cartesian-axis-tick-value')
    await ticks.first().waitFor()
    const fractions = (await ticks.allTextContents()).filter((tick) => /^\d+\.\d+$/.test(tick))
    assert.deepEqual(fractions, [])
  })

  it('fits a narrow screen', async (t) => {
    const viewport = { width: 360, height: 740 }
    const { page, open } = await openConsole(t, installation(), newPage, { viewport })
    await open('')
    await page.getByText(WORDS.ja.first).waitFor()
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    assert.ok(Number(overflow) <= 0)
  })
})
