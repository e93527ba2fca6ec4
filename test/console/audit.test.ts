import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { ACTION_NAMES, KIND_NAMES, kindOf } from '../../console/src/screens/audit/action-names.ts'
import { AUDIT_ACTIONS } from '../../src/audit/actions.ts'
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
    signIn: 'サインイン',
    action: '操作',
    created: '利用者の登録',
    detail: [
      '役割: 閲覧者',
      '権限: 閲覧、ダウンロード',
      'サービス: すべて',
      'メールの内容: 30',
      'unheardOf: x',
    ],
    listName: 'ハードバウンス',
  },
  en: {
    audit: 'Audit',
    subject: 'Part of “To what”',
    search: 'Search',
    next: 'Next page',
    download: 'Download CSV',
    none: 'Nothing was recorded that fits',
    signIn: 'Signed in',
    action: 'Action',
    created: 'Person created',
    detail: [
      'Role: Viewer',
      'Permissions: View, Download',
      'Services: All',
      'Contents of mail: 30',
      'unheardOf: x',
    ],
    listName: 'Hard bounces',
  },
} as const

describe('the record in the console', () => {
  it('has a name in both languages for all that the server records, and for what it is done to', () => {
    assert.deepEqual(Object.keys(ACTION_NAMES).sort(), [...AUDIT_ACTIONS].sort())
    assert.deepEqual(Object.keys(KIND_NAMES).sort(), [...new Set(AUDIT_ACTIONS.map(kindOf))].sort())
    for (const { ja, en } of Object.values({ ...ACTION_NAMES, ...KIND_NAMES })) assert.ok(ja && en)
  })

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
        const entry = { actor: 'api:shop', action: 'filter.update' as const, siteId, subject, detail: { n } }
        await recordAudit(database, ids.audit, { ...entry, at: clock() - 10_000 + n })
      }
      await open('')
      await page.getByRole('link', { name: words.audit, exact: true }).click()
      await page.getByRole('cell', { name: `${words.signIn} person.sign-in` }).waitFor()
      assert.deepEqual(await barriers(page, language), [])
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

    it(`says in words what was done, to what and how, on a narrow screen too (${language})`, async (t) => {
      const words = WORDS[language]
      const viewport = { width: 360, height: 740 }
      const { page, tenant, complaints } = await openConsole(t, installation(), newPage, {
        language,
        viewport,
      })
      const { database, ids, clock } = installation().capabilities
      const shared = { at: clock(), actor: 'operator', siteId: tenant.service.siteId }
      const detail = {
        ...{ role: 'viewer', permissions: ['view', 'download'], services: [] },
        ...{ settings: { mailDays: 30 }, unheardOf: 'x' },
      }
      const created = { action: 'person.create', subject: 'ada@example.com', detail } as const
      await recordAudit(database, ids.audit, { ...shared, ...created })
      const stopped = { action: 'suppression.stop', subject: 'hard-bounces', detail: { changed: 1 } } as const
      await recordAudit(database, ids.audit, { ...shared, ...stopped })
      await page.goto('/console/audit')
      await page.getByRole('cell', { name: words.listName, exact: true }).waitFor()
      assert.deepEqual(await barriers(page, language), [])

      await page.getByRole('combobox', { name: words.action }).fill(words.created)
      await page.getByRole('option', { name: words.created }).click()
      await page.getByRole('button', { name: words.search, exact: true }).click()
      await page.waitForURL(/action=person.create/)
      await page.getByRole('cell', { name: words.listName, exact: true }).waitFor({ state: 'detached' })
      const [row] = await page.getByRole('row').filter({ hasText: 'person.create' }).all()
      assert.ok(row)
      await row.getByText(words.created).waitFor()
      const pairs = await row.locator('dl > div').all()
      const said = await Promise.all(
        pairs.map(async (pair) => (await pair.locator('dt, dd').allTextContents()).join(': ')),
      )
      assert.deepEqual(said, words.detail)
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      assert.ok(Number(overflow) <= 0)
      assert.deepEqual(complaints, [])
    })
  }
})
