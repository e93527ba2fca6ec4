import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { rowSet } from '../../src/storage/row-set.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { openConsole } from './console.ts'

const grants = { role: 'operator' } as const

describe('searches of lists', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http,worker', now: Date.now() }))
  const newPage = sharedBrowser()

  it('say how far a long search has come while it goes on', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, { grants })
    await tenant.stop('sender:news@example.com', 'needle@example.jp')
    await fill(tenant.list.id, 110_000)
    // The second of its calls waits until the first one's answer was seen.
    let isSeen = () => {}
    const seen = new Promise<void>((resolve) => {
      isSeen = resolve
    })
    let calls = 0
    await page.route('**/suppressions/search*', async (route) => {
      if (++calls > 1) await seen
      await route.continue()
    })
    await open('stop-lists?contains=needle')
    await page.getByText(/^検索しています… .+ 以降のリクエストを調べ終えました。$/).waitFor()
    isSeen()
    await page.getByRole('cell', { name: 'needle@example.jp', exact: true }).waitFor()
    assert.equal(calls, 2)
    assert.equal(await page.getByText(/検索しています/).count(), 0)
  })

  /** So many further rows on a list, requested after all others. */
  async function fill(listId: number, count: number) {
    const { time, capabilities } = installation()
    const { database } = capabilities
    const rows = Array.from({ length: count }, (_, n) => ({ n }))
    const given = rowSet(database, 'given', { n: 'integer' }, rows)
    const insert = sql`insert into suppression (address_key, list_id, address, active, since, requested_at, removed, reason, source, revision)
      select 'filler' || n || '@example.com', ${listId}, 'filler', 1, 0, ${time.now + 1} + n, 0, 'listed', 'api', 0 from ${given}`
    await database.transact([{ compile: () => insert.compile(database.query) }])
  }

  it('show a whole address first, wherever it lies, and others that contain it below', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, { grants })
    await tenant.stop('sender:news@example.com', 'goro@example.jp', 'rokuro@example.jp')
    installation().time.now += 1_000
    await tenant.stop('sender:news@example.com', 'sangoro@example.jp')
    await open('stop-lists?contains=goro')
    const shown = async () => {
      await page.getByRole('cell', { name: 'goro@example.jp', exact: true }).waitFor()
      return page.getByRole('row').getByRole('link').allInnerTexts()
    }
    assert.deepEqual(await shown(), ['sangoro@example.jp', 'goro@example.jp'])
    await page.getByRole('searchbox').fill('Goro@example.jp')
    await page.getByRole('searchbox').press('Enter')
    await page.waitForURL(/Goro/)
    await page.getByRole('row').nth(1).getByRole('cell', { name: 'goro@example.jp', exact: true }).waitFor()
    assert.deepEqual(await shown(), ['goro@example.jp', 'sangoro@example.jp'])
    // As it was pasted from a text, and as an input method leaves it.
    for (const typed of ['\u3000goro@example.jp ', 'ｇｏｒｏ＠ｅｘａｍｐｌｅ．ｊｐ']) {
      await page.getByRole('searchbox').fill('rokuro')
      await page.getByRole('searchbox').press('Enter')
      await page.getByRole('cell', { name: 'rokuro@example.jp', exact: true }).waitFor()
      await page.getByRole('searchbox').fill(typed)
      await page.getByRole('searchbox').press('Enter')
      assert.deepEqual(await shown(), ['goro@example.jp', 'sangoro@example.jp'])
      assert.equal(await page.getByRole('searchbox').inputValue(), 'goro@example.jp')
    }
    await page.goBack()
    await page.getByRole('cell', { name: 'rokuro@example.jp', exact: true }).waitFor()
    assert.equal(await page.getByRole('searchbox').inputValue(), 'rokuro')
    await open('stop-lists?contains=goro@example.jp&state=resumed')
    await page.getByText('該当するアドレスはありません').waitFor()
  })
})
