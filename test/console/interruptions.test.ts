import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { startImportJob } from '../../src/imports/applying/import-job.ts'
import { sharedBrowser } from '../support/browser.ts'
import { startCuttableWire } from '../support/cuttable-wire.ts'
import { sharedInstallation } from '../support/installation.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { openConsole } from './console.ts'
import { endSessions, signInAgain } from './signed-out.ts'

const WORDS = {
  ja: {
    edit: 'CSVで編集',
    preview: '変更内容を確認',
    run: '実行',
    done: '反映が完了しました',
    lost: /接続が切れました/,
    wrongType: 'CSV ファイル(.csv)を選択してください。',
    unreadable: /ファイルを読み取れませんでした/,
    export: 'データエクスポート',
    tooLong: '指定できる期間は 7 日間までです。',
  },
  en: {
    edit: 'Edit by CSV',
    preview: 'See what would change',
    run: 'Carry out',
    done: 'Done',
    lost: /The connection was lost/,
    wrongType: 'Choose a CSV file (.csv).',
    unreadable: /The file cannot be read/,
    export: 'Export',
    tooLong: 'A period has 7 days at most.',
  },
} as const

describe('work in the console that is interrupted or begun with the wrong thing', () => {
  // Nothing is taken in until a test has it done.
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const startJob = (t: Lifetime) => {
    const { database, clock, erased, importJob } = installation().capabilities
    const job = startImportJob({ database, clock, erased, onError: (error) => assert.fail(String(error)) })
    importJob.wake = job.wake
    t.after(job.stop)
  }
  const choose = (page: Page, name: string, content: string | Buffer) =>
    page
      .getByRole('dialog')
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`goes on where it is when the session ends while a file is on its way (${language})`, async (t) => {
      startJob(t)
      const { page, open, tenant } = await openConsole(t, installation(), newPage, { language })
      await open('lists/blocklist')
      await page.getByRole('button', { name: words.edit }).click()
      const rows = Array.from({ length: 20_000 }, (_, n) => `taro${n}@example.jp`)
      await choose(page, 'long.csv', `email\n${rows.join('\n')}\n`)
      // Slow enough for the upload to be under way when the session ends.
      const network = await page.context().newCDPSession(page)
      const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 150_000 }
      await network.send('Network.enable')
      await network.send('Network.emulateNetworkConditions', slow)
      const sent = page.waitForRequest(/\/imports\?/)
      await page.getByRole('button', { name: words.preview }).click()
      await sent
      await endSessions(installation())
      await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
      await signInAgain(page, language)
      await page.getByRole('button', { name: words.run, exact: true }).click()
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro19999@example.jp'), false)
    })

    it(`says that the connection is lost, takes it up by itself, and ends in what is true (${language})`, async (t) => {
      const wire = await startCuttableWire(t, installation().url)
      const behindWire = { ...installation(), url: wire.url }
      const { page, open, tenant } = await openConsole(t, behindWire, newPage, { language })
      await open('lists/hard-bounces')
      await page.getByRole('button', { name: words.edit }).click()
      await choose(page, 'cut.csv', 'email\nhanako@example.jp\nnobody\n')
      await page.getByRole('button', { name: words.preview }).click()
      await page.getByRole('dialog').getByText('0 / 1', { exact: true }).waitFor()
      await wire.cut()
      await page.getByText(words.lost).waitFor()
      // Meanwhile the server goes on; in one of the languages the session ends besides.
      startJob(t)
      if (language === 'en') await endSessions(installation())
      await wire.mend()
      if (language === 'en') await signInAgain(page, language)
      await page.getByRole('button', { name: words.run, exact: true }).click()
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await page.getByText(words.lost).count(), 0)
      assert.equal(await tenant.wouldMail('hanako@example.jp'), false)
      // Nobody else comes by this wire.
      await page.context().close()
    })

    it(`tells of a wrong file or encoding in a sentence, and takes the right one afterwards (${language})`, async (t) => {
      startJob(t)
      const { page, open, tenant } = await openConsole(t, installation(), newPage, { language })
      await open('lists/complaints')
      await page.getByRole('button', { name: words.edit }).click()
      const dialog = page.getByRole('dialog')
      await choose(page, 'list.txt', 'email\njiro@example.jp\n')
      await dialog.getByText(words.wrongType).waitFor()
      // 「氏名」 in Shift_JIS; then a file without the column.
      const shiftJis = Buffer.concat([
        Buffer.from('email,'),
        Buffer.from([0x8e, 0x81, 0x96, 0xbc]),
        Buffer.from('\njiro@example.jp,'),
        Buffer.from([0x8e, 0x9f, 0x98, 0x59]),
        Buffer.from('\n'),
      ])
      for (const content of [
        shiftJis,
        'address\njiro@example.jp\n',
        'email,email\na@example.jp,b@example.jp\n',
      ]) {
        await choose(page, 'wrong.csv', content)
        await page.getByRole('button', { name: words.preview }).click()
        await dialog.getByText(words.unreadable).waitFor()
      }
      assert.equal(await tenant.wouldMail('jiro@example.jp'), true)
      await choose(page, 'right.csv', 'email\njiro@example.jp\n')
      await page.getByRole('button', { name: words.preview }).click()
      await page.getByRole('button', { name: words.run, exact: true }).click()
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('jiro@example.jp'), false)
    })

    it(`exports no wrong period, says which are right, and keeps what was entered (${language})`, async (t) => {
      const grants = { permissions: ['error-count-reset'] }
      const { page, open } = await openConsole(t, installation(), newPage, { language, grants })
      await open('one-click')
      const [from, to] = [page.locator('input[type=date]').first(), page.locator('input[type=date]').last()]
      await from.fill('2026-05-01')
      await to.fill('2026-05-08')
      await page.getByText(words.tooLong, { exact: true }).waitFor()
      assert.ok(await page.getByRole('button', { name: words.export }).isDisabled())
      assert.equal(await page.getByRole('link', { name: words.export }).count(), 0)
      await to.fill('2026-04-30')
      assert.equal(await page.getByRole('link', { name: words.export }).count(), 0)
      assert.equal(await from.inputValue(), '2026-05-01')
      await to.fill('2026-05-07')
      const href = await page.getByRole('link', { name: words.export }).getAttribute('href')
      assert.match(href ?? '', /from=2026-05-01&to=2026-05-07/)
    })
  }
})
