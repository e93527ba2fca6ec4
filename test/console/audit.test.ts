import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { recordAudit } from '../../src/audit/audit.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    audit: '操作ログ',
    subject: '対象の一部',
    search: '検索',
    next: '次のページ',
    download: 'CSV をダウンロード',
    none: '該当する記録はありません',
  },
  en: {
    audit: 'Audit',
    subject: 'A part of what it was done to',
    search: 'Search',
    next: 'Next page',
    download: 'Download CSV',
    none: 'Nothing was recorded that fits',
  },
} as const

describe('the record in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    it(`is searched, paged and downloaded (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const { database, ids, clock } = installation().capabilities
      const { siteId } = tenant.service
      for (let n = 0; n < 60; n += 1) {
        const subject = n === 0 ? 'the-very-first' : `filter-${n}`
        const entry = { actor: 'api:shop', action: 'filter.update', siteId, subject, detail: { n } }
        await recordAudit(database, ids.audit, { ...entry, at: clock() - 10_000 + n })
      }
      await open('')
      await page.getByRole('link', { name: words.audit, exact: true }).click()
      await page.getByRole('cell', { name: 'person.sign-in' }).waitFor()
      assert.deepEqual(await barriers(page), [])
      await page.getByRole('button', { name: words.next }).click()
      await page.getByRole('cell', { name: 'the-very-first' }).waitFor()
      assert.match(page.url(), /cursor=/)

      await page.getByRole('textbox', { name: words.subject }).fill('VERY')
      await page.getByRole('button', { name: words.search, exact: true }).click()
      await page.waitForURL(/subject=VERY/)
      await page.getByRole('cell', { name: 'filter-1', exact: true }).waitFor({ state: 'detached' })
      assert.equal(await page.getByRole('row').count(), 2)
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: words.download }).click()
      const csv = await readFile(await (await download).path(), 'utf8')
      assert.deepEqual(
        csv
          .trim()
          .split('\r\n')
          .map((line) => line.split(',')[3]),
        ['subject', 'the-very-first'],
      )
      await page.goto('/console/audit?subject=nowhere')
      await page.getByText(words.none).waitFor()
      assert.deepEqual(complaints, [])
    })
  }
})
