import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'
import { mail } from './mailing.ts'

const DAY_MS = 86_400_000

const WORDS = {
  ja: {
    pause: '一時停止',
    doPause: '一時停止する',
    resume: '配信を再開',
    doResume: '再開する',
    cancel: '配信を取り消す',
    doCancel: '取り消す',
    paused: '一時停止中',
    active: '配信中・完了',
    cancelled: '取り消し済み',
    continue: '続ける',
    why: '配信除外(手動登録)',
    lift: '配信を再開: 配信除外',
    doLift: '配信を再開する',
    deliverable: '配信対象です。どのリストでも除外されていません。',
    resend: '除外された宛先に再送',
    doResend: '再送する',
    resent: '1 件を再送します。0 件は除外のままです。',
    recipient: '宛先のメールアドレス',
    search: '検索',
    download: 'CSV ダウンロード',
  },
  en: {
    pause: 'Pause',
    doPause: 'Pause it',
    resume: 'Resume',
    doResume: 'Resume it',
    cancel: 'Cancel this delivery',
    doCancel: 'Cancel it',
    paused: 'Paused',
    active: 'Active',
    cancelled: 'Cancelled',
    continue: 'Continue',
    why: 'Blocklist (Listed by hand)',
    lift: 'Resume: Blocklist',
    doLift: 'Resume',
    deliverable: 'Deliverable: no list excludes it.',
    resend: 'Send to the excluded again',
    doResend: 'Send again',
    resent: '1 go out after all; 0 are still excluded.',
    recipient: 'Recipient',
    search: 'Search',
    download: 'Download as CSV',
  },
} as const

describe('deliveries and their mails in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const later = () => new Date(installation().time.now + DAY_MS).toISOString()
  const statesOf = async (deliveryId: number) => {
    const { database } = installation().capabilities
    const ofDelivery = database.query.selectFrom('message').where('delivery_id', '=', deliveryId)
    const rows = await database.read(ofDelivery.select(['address', 'state']).orderBy('address'))
    return rows.map(({ address, state }) => `${address} ${state}`)
  }
  /** Presses a button of the screen, then the one of the dialog that says what it means. */
  const carryOut = async ({ page }: ConsolePage, button: string, sure: string) => {
    await page.getByRole('main').getByRole('button', { name: button, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: sure, exact: true }).click()
  }
  const confirm = async ({ page }: ConsolePage, button: string) => {
    const dialog = page.getByRole('dialog').filter({ has: page.locator('input[type=password]') })
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: button }).click()
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]
    const grants = { role: 'operator' } as const

    it(`pauses one, resumes it and calls it off, each after saying what that means (${language})`, async (t) => {
      const opened = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open } = opened
      const id = await mail(opened, ['taro@example.jp'], { subject: 'Spring sale', sendAt: later() })
      await open('deliveries')
      await page.getByRole('link', { name: 'Spring sale' }).click()
      await carryOut(opened, words.pause, words.doPause)
      await page.getByText(words.paused, { exact: true }).waitFor()

      await carryOut(opened, words.resume, words.doResume)
      await confirm(opened, words.continue)
      await page.getByText(words.active, { exact: true }).waitFor()
      assert.deepEqual(await statesOf(id), ['taro@example.jp queued'])

      await carryOut(opened, words.cancel, words.doCancel)
      await page.getByText(words.cancelled, { exact: true }).first().waitFor()
      await page.getByRole('button', { name: words.resume, exact: true }).waitFor({ state: 'detached' })
      assert.deepEqual(await statesOf(id), ['taro@example.jp cancelled'])
    })

    it(`tells why somebody was left out, and mails them after all once the list is mended (${language})`, async (t) => {
      const opened = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant } = opened
      await tenant.stop('blocklist', 'hanako@example.jp')
      const id = await mail(opened, ['hanako@example.jp', 'taro@example.jp'])
      await open(`deliveries/${id}?state=excluded`)
      await page.getByText(words.why).waitFor()
      assert.equal(await page.getByRole('link', { name: 'taro@example.jp' }).count(), 0)

      await page.getByRole('link', { name: 'hanako@example.jp' }).click()
      await page.getByRole('button', { name: words.lift }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.doLift, exact: true }).click()
      await confirm(opened, words.continue)
      await page.getByText(words.deliverable).waitFor()

      await open(`deliveries/${id}`)
      // What is said of it goes again by itself.
      await Promise.all([
        page.getByText(words.resent).waitFor(),
        carryOut(opened, words.resend, words.doResend),
      ])
      assert.deepEqual(await statesOf(id), ['hanako@example.jp queued', 'taro@example.jp queued'])
    })

    it(`finds mails by state and recipient in all deliveries, and writes them to a file (${language})`, async (t) => {
      const opened = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant, complaints } = opened
      await tenant.stop('blocklist', 'hanako@example.jp')
      await mail(opened, ['hanako@example.jp', 'taro@example.jp'])
      await mail(opened, ['hanako@example.jp', 'jiro@example.jp'])
      await open('messages?state=excluded')
      await page.getByText(words.why).nth(1).waitFor()
      assert.equal(await page.getByText(words.why).count(), 2)

      await open('messages')
      await page.getByRole('textbox', { name: words.recipient }).fill('taro@example.jp')
      await page.getByRole('button', { name: words.search, exact: true }).click()
      await page.getByRole('link', { name: 'jiro@example.jp' }).waitFor({ state: 'detached' })
      assert.equal(await page.getByRole('link', { name: 'taro@example.jp' }).count(), 1)
      const { pathname, search } = new URL(page.url())
      assert.doesNotMatch(pathname + search, /taro/)

      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: words.download }).click()
      const csv = await readFile(await (await download).path(), 'utf8')
      assert.match(csv, /taro@example\.jp/)
      assert.doesNotMatch(csv, /hanako|jiro/)
      assert.deepEqual(complaints, [])
    })
  }

  it('writes mails to a file of which a spreadsheet calculates nothing', async (t) => {
    const opened = await openConsole(t, installation(), newPage, { language: 'en' })
    const { page, open } = opened
    await mail(opened, ['=1+1@example.jp'])
    await open('messages')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: WORDS.en.download }).click()
    assert.match(await readFile(await (await download).path(), 'utf8'), /,\t=1\+1@example\.jp,/)
  })

  it('goes on to the next page of a delivery', async (t) => {
    const opened = await openConsole(t, installation(), newPage, { language: 'en' })
    const { page, open } = opened
    const recipients = Array.from({ length: 51 }, (_, index) => `reader${index}@example.jp`)
    const id = await mail(opened, recipients)
    await open(`deliveries/${id}`)
    await page.getByRole('button', { name: 'Next page' }).click()
    await page.waitForURL(/cursor=/)
    await page
      .getByRole('link', { name: /^reader/ })
      .nth(1)
      .waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('link', { name: /^reader/ }).count(), 1)
  })

  it('has no page for a delivery whose number is none', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { language: 'en' })
    await open('deliveries/abc')
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  })

  it('can be used by everyone, and offer a viewer nothing to change', async (t) => {
    const sending = await openConsole(t, installation(), newPage, { grants: { role: 'operator' } })
    await sending.open('deliveries')
    await sending.page.getByText('配信はまだありません').waitFor()
    const opened = await openConsole(t, installation(), newPage, { grants: { role: 'viewer' } })
    const { page, open } = opened
    for (const screen of ['deliveries', 'messages']) {
      await open(screen)
      assert.deepEqual(await barriers(page), [], screen)
    }
    assert.equal(await page.getByRole('button', { name: WORDS.ja.download }).count(), 0)
    const id = await mail(sending, ['taro@example.jp'], { sendAt: later() })
    await sending.open(`deliveries/${id}`)
    await sending.page.getByRole('button', { name: WORDS.ja.pause, exact: true }).waitFor()
    assert.deepEqual(await barriers(sending.page), [])
  })
})
