import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const WORDS = {
  ja: {
    open: /#\d+ その他/,
    why: 'エラーメールや報告の形式ではありません。',
    retry: 'もう一度判定する',
    still: '今回も判定できませんでした。',
    resolve: '対応済みにする',
    none: '対応が必要なメールはありません',
  },
  en: {
    open: /#\d+ Other/,
    why: 'It is neither a bounce nor another report.',
    retry: 'Judge again',
    still: 'Nothing could be made of it this time either.',
    resolve: 'Mark as seen to',
    none: 'No mail waits for you',
  },
} as const

const LETTER =
  'From: hanako@example.jp\r\nSubject: hello\r\n\r\n<img src=x onerror="window.struck=1">Please stop.'

describe('mail that came in, in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  /** Hands a mail over as the person in the page. */
  const takeIn = async ({ page, tenant }: ConsolePage, raw: string) => {
    const answer = await page.request.post(`/api/v1/services/${tenant.service.id}/inbound`, {
      headers: { 'content-type': 'message/rfc822', 'sec-fetch-site': 'same-origin' },
      data: raw,
    })
    return answer.status()
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`is read as text, judged again, and seen to (${language})`, async (t) => {
      const opened = await openConsole(t, installation(), newPage, {
        ...{ language, grants: { role: 'operator' } },
      })
      const { page, open, tenant, complaints } = opened
      assert.equal(await takeIn(opened, LETTER), 200)
      await open('inbound')
      await page.getByRole('cell', { name: words.why }).waitFor()
      await page.getByRole('button', { name: words.open }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('<img src=x onerror="window.struck=1">').waitFor()
      assert.equal(await page.evaluate('window.struck'), undefined)
      await dialog.getByRole('button', { name: words.retry }).click()
      await page.getByText(words.still).waitFor()
      await dialog.getByRole('button', { name: words.resolve }).click()
      await dialog.getByRole('button', { name: words.resolve }).waitFor({ state: 'detached' })
      await page.keyboard.press('Escape')
      await page.getByText(words.none).waitFor()
      const { database } = installation().capabilities
      const mails = database.query.selectFrom('inbound_mail').where('service_id', '=', tenant.service.id)
      const [row] = await database.read(mails.select(['resolved_at', 'resolved_by']))
      assert.match(row?.resolved_by ?? '', /^person:/)
      assert.deepEqual(complaints, [])
    })
  }

  it('is narrowed to what was concluded', async (t) => {
    const opened = await openConsole(t, installation(), newPage, { grants: { role: 'operator' } })
    const { page, open } = opened
    await open('inbound?show=all')
    await takeIn(opened, LETTER)
    await open('inbound?show=all&outcome=not-understood')
    await page.getByRole('button', { name: WORDS.ja.open }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('combobox', { name: '判定' }).click()
    await page.getByRole('option', { name: 'ハードバウンス' }).click()
    await page.getByRole('button', { name: WORDS.ja.open }).waitFor({ state: 'detached' })
    assert.match(page.url(), /outcome=hard/)
  })

  it('can be used by everyone; who may not download does not read it', async (t) => {
    const operator = await openConsole(t, installation(), newPage, { grants: { role: 'operator' } })
    await operator.open('inbound')
    assert.deepEqual(await barriers(operator.page), [])
    await takeIn(operator, LETTER)
    await operator.open('inbound')
    await operator.page.getByRole('button', { name: WORDS.ja.open }).click()
    await operator.page.getByRole('dialog').getByText('Please stop.').waitFor()
    assert.deepEqual(await barriers(operator.page), [])

    const { page, open } = await openConsole(t, installation(), newPage, { grants: { role: 'viewer' } })
    await open('inbound?show=all&outcome=not-understood')
    assert.equal(await page.getByRole('button', { name: WORDS.ja.open }).count(), 0)
  })
})
