import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { updatePerson } from '../../src/access/people/person.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type Language, openConsole } from './console.ts'
import { endSessions, signInAgain, signInDialog } from './signed-out.ts'

const WORDS = {
  ja: {
    download: 'ダウンロード',
    audit: 'CSV をダウンロード',
    export: 'データエクスポート',
    notDownloaded: 'ダウンロードできませんでした',
    forbidden: /この操作を行う権限がありません/,
    signedOut: /サインインしていないため、続けられません/,
  },
  en: {
    download: 'Download',
    audit: 'Download CSV',
    export: 'Export',
    notDownloaded: 'The file was not downloaded',
    forbidden: /You may not do this/,
    signedOut: /You are signed out/,
  },
} as const

describe('a download in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  /** What `page` gets by following a link, once it signed in again where it is. */
  const downloadSignedOut = async (page: Page, follow: () => Promise<void>, language: Language) => {
    await endSessions(installation())
    const download = page.waitForEvent('download')
    await follow()
    await signInAgain(page, language)
    return readFile(await (await download).path(), 'utf8')
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`asks who was signed out meanwhile to sign in where they are, and goes on (${language})`, async (t) => {
      const grants = { permissions: ['error-count-reset'] }
      const { page, open } = await openConsole(t, installation(), newPage, { language, grants })
      await open('lists/blocklist')
      const csv = async () => {
        await page.getByRole('button', { name: words.download }).click()
        await page.getByRole('menuitem', { name: 'CSV' }).click()
      }
      assert.match(await downloadSignedOut(page, csv, language), /^\ufeff/)
      await open('one-click')
      const period = () => page.getByRole('link', { name: words.export }).click()
      assert.match(await downloadSignedOut(page, period, language), /^\ufeff/)
      await page.goto('/console/audit')
      await page.getByRole('table').waitFor()
      const record = () => page.getByRole('link', { name: words.audit }).click()
      assert.match(await downloadSignedOut(page, record, language), /at,actor,action/)
    })

    it(`says why there is none (${language})`, async (t) => {
      const { page, open, complaints } = await openConsole(t, installation(), newPage, { language })
      await open('lists/blocklist')
      const isStarted = startedOf(page)
      // What they may is taken from them while the page is open, which ends their sessions too.
      const { database } = installation().capabilities
      const me = (await (await page.request.get('/api/v1/me')).json()) as { person: { id: string } }
      await updatePerson(database, me.person.id, { role: 'viewer' }, { now: Date.now() })
      await follow(page, words)
      await signInAgain(page, language)
      const notice = page.getByRole('alert').filter({ hasText: words.notDownloaded })
      await notice.getByText(words.forbidden).waitFor()
      // The page has learnt meanwhile what they may no longer.
      await page.getByRole('button', { name: words.download }).waitFor({ state: 'detached' })
      assert.deepEqual(await barriers(page, language), [])
      await notice.getByRole('button').click()
      await notice.waitFor({ state: 'detached' })
      assert.equal(isStarted(), false)
      assert.ok(complaints.every((complaint) => /40[13]/.test(complaint)))
    })

    it(`says that there is none for who does not sign in again (${language})`, async (t) => {
      const { page, open, complaints } = await openConsole(t, installation(), newPage, { language })
      await open('lists/blocklist')
      const isStarted = startedOf(page)
      await endSessions(installation())
      await follow(page, words)
      // The menu that closes holds the focus, and with it the key, until the window has it.
      await page.getByRole('menu').waitFor({ state: 'detached' })
      await signInDialog(page, language).locator(':focus').waitFor()
      await page.keyboard.press('Escape')
      const notice = page.getByRole('alert').filter({ hasText: words.notDownloaded })
      await notice.getByText(words.signedOut).waitFor()
      assert.equal(isStarted(), false)
      assert.ok(complaints.every((complaint) => /401/.test(complaint)))
    })
  }
})

/** Chooses the list as NDJSON. */
async function follow(page: Page, words: { download: string }): Promise<void> {
  await page.getByRole('button', { name: words.download }).click()
  await page.getByRole('menuitem', { name: 'NDJSON' }).click()
}

/** Whether the browser has begun to save anything. */
function startedOf(page: Page): () => boolean {
  let isStarted = false
  page.on('download', () => {
    isStarted = true
  })
  return () => isStarted
}
