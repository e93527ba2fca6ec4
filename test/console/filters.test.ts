import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deleteFilter, findFilters, updateFilter } from '../../src/tenants/filter.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'

const WORDS = {
  ja: {
    ...{ create: 'フィルタを登録', up: '上へ', change: '編集', remove: '削除' },
    ...{ tryIt: '照合を試す', try: '試す', mail: 'メール', first: '最初に一致' },
    ...{ header: 'ヘッダ名', value: '値', case: '大文字と小文字の違いだけ', missing: 'ヘッダ X-List がない' },
    bySender: '送信元アドレスの登録解除リンク',
    takeOver: '変更された項目を取り込む',
    theirs: '「ヘッダ名」が「X-Kind」に変更されています。',
    order: '「順番」が「c、a、b」に変更されています。',
    moveAnyway: 'それでも移動する: 上へ (b)',
    removeAnyway: 'それでも削除する',
    gone: 'このフィルタは存在しません。ほかの人が削除した可能性があります。',
  },
  en: {
    ...{ create: 'Create a filter', up: 'Move up', change: 'Edit', remove: 'Delete' },
    ...{ tryIt: 'Try it', try: 'Try', mail: 'A mail', first: 'Matches first' },
    ...{ header: 'Header field', value: 'Value', case: 'capital letters alone', missing: 'has no X-List' },
    bySender: 'the link of its sender',
    takeOver: 'Take their changes over',
    theirs: '“Header field” is now “X-Kind”.',
    order: '“Order” is now “c, a, b”.',
    moveAnyway: 'Move it all the same: Move up (b)',
    removeAnyway: 'Delete it all the same',
    gone: 'There is no such filter. Somebody else may have deleted it.',
  },
} as const

describe('the filters in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    it(`are created, put in order, changed and deleted (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, { language })
      const names = async () =>
        (await findFilters(installation().capabilities.database, tenant.service.id)).map(({ name }) => name)
      const cell = (name: string) => page.getByRole('cell', { name, exact: true })
      await open('filters')
      for (const name of ['tips', 'deals']) {
        await page.getByRole('button', { name: words.create }).first().click()
        const inputs = page.getByRole('dialog').getByRole('textbox')
        await inputs.nth(0).fill(name)
        await inputs.nth(1).fill('X-List')
        await inputs.nth(2).fill(`value of ${name}`)
        await page.getByRole('dialog').locator('button[type=submit]').click()
        await cell(name).waitFor()
      }
      assert.deepEqual(await barriers(page, language), [])
      assert.deepEqual(await names(), ['tips', 'deals'])
      await page.getByRole('button', { name: `${words.up}: deals` }).press('Enter')
      await page.getByRole('row').nth(1).getByText('deals', { exact: true }).waitFor()
      assert.deepEqual(await names(), ['deals', 'tips'])

      const row = (name: string) => page.getByRole('row').filter({ has: cell(name) })
      await row('tips').getByRole('button', { name: words.change, exact: true }).click()
      await page.getByRole('dialog').getByRole('textbox').nth(0).fill('hints')
      await page.getByRole('dialog').locator('button[type=submit]').click()
      await cell('hints').waitFor()
      await row('deals').getByRole('button', { name: words.remove, exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.remove, exact: true }).click()
      await cell('deals').waitFor({ state: 'detached' })
      assert.deepEqual(await names(), ['hints'])
      assert.deepEqual(complaints, [])
    })

    it(`are tried with a header and with a mail, each verdict with its reason (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open, complaints } = await openConsole(t, installation(), newPage, {
        language,
        grants: { role: 'viewer' },
      })
      await tenant.addFilter({ name: 'tips', header: 'X-List', pattern: 'tips' })
      await tenant.addFilter({
        name: 'greetings',
        header: 'Subject',
        pattern: '^(こんにちは|Hello)',
        match: 'regex',
      })
      await open('filters')
      const panel = page.getByRole('region', { name: words.tryIt })
      const row = (name: string) => panel.getByRole('row').filter({ hasText: name })
      await panel.getByRole('textbox', { name: words.header }).fill('x-list')
      await panel.getByRole('textbox', { name: words.value, exact: true }).fill('Tips')
      await panel.getByRole('button', { name: words.try, exact: true }).press('Enter')
      await row('tips').getByText(words.case).waitFor()
      await panel.getByRole('textbox', { name: words.value, exact: true }).fill('tips')
      await panel.getByRole('button', { name: words.try, exact: true }).click()
      await row('tips').getByText(words.first).waitFor()
      assert.deepEqual(await barriers(page, language), [])

      await panel.getByText(words.mail, { exact: true }).click()
      const subject = `=?UTF-8?B?${Buffer.from('こんにちは、太郎さん').toString('base64')}?=`
      await panel.locator('textarea').first().fill(`From: news@example.com\nSubject: ${subject}\n\nHello\n`)
      await panel.getByRole('button', { name: words.try, exact: true }).click()
      await row('greetings').getByText('こんにちは、太郎さん').waitFor()
      await row('greetings').getByText(words.first).waitFor()
      await row('tips').getByText(words.missing).waitFor()
      await panel.locator('textarea').first().fill('From: news@example.com\nSubject: News\n')
      await panel.getByRole('button', { name: words.try, exact: true }).click()
      await panel.getByText(words.bySender).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.deepEqual(complaints, [])
    })

    it(`that two people edit lose nothing of either (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      const { id } = tenant.service
      await tenant.addFilter({ name: 'tips', header: 'X-List', pattern: 'tips' })
      const [{ classId } = { classId: '' }] = await findFilters(database, id)
      await open('filters')
      await page.getByRole('button', { name: words.change, exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox').nth(0).fill('hints')
      await updateFilter(database, id, classId, { header: 'X-Kind' })
      await dialog.locator('button[type=submit]').click()
      await dialog.getByText(words.theirs).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.equal((await findFilters(database, id))[0]?.name, 'tips')
      await dialog.getByRole('button', { name: words.takeOver }).click()
      await dialog.locator('button[type=submit]').click()
      await dialog.waitFor({ state: 'detached' })
      const [filter] = await findFilters(database, id)
      assert.deepEqual([filter?.name, filter?.header, filter?.pattern], ['hints', 'X-Kind', 'tips'])
    })

    it(`that two people put in order stand as whoever moved last wants it, knowing of the other (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      const { id } = tenant.service
      for (const name of ['a', 'b', 'c']) await tenant.addFilter({ name, header: 'X-List', pattern: name })
      const names = async () => (await findFilters(database, id)).map(({ name }) => name).join('')
      await open('filters')
      const up = (name: string) => page.getByRole('button', { name: `${words.up}: ${name}` })
      await up('b').waitFor()
      const [, , c] = await findFilters(database, id)
      await updateFilter(database, id, c?.classId ?? '', { position: 0 })
      await up('b').click()
      await page.getByText(words.order).waitFor()
      assert.equal(await names(), 'cab')
      // What is there now is shown behind it, to decide by.
      await page.getByRole('row').nth(1).getByRole('cell', { name: 'c', exact: true }).first().waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await page.getByRole('button', { name: words.moveAnyway }).click()
      await page.getByText(words.order).waitFor({ state: 'detached' })
      await page.getByRole('row').nth(2).getByRole('cell', { name: 'b', exact: true }).first().waitFor()
      assert.equal(await names(), 'cba')
      await up('a').click()
      await page.getByRole('row').nth(2).getByRole('cell', { name: 'a', exact: true }).first().waitFor()
      assert.equal(await names(), 'cab')
    })

    it(`are deleted as they were seen, or not at all (${language})`, async (t) => {
      const words = WORDS[language]
      const { page, tenant, open } = await openConsole(t, installation(), newPage, { language })
      const { database } = installation().capabilities
      const { id } = tenant.service
      for (const name of ['a', 'b']) await tenant.addFilter({ name, header: 'X-List', pattern: name })
      const [a, b] = await findFilters(database, id)
      await open('filters')
      const dialog = page.getByRole('dialog')
      const remove = async (row: number) => {
        await page.getByRole('row').nth(row).getByRole('button', { name: words.remove, exact: true }).click()
        return dialog.getByRole('button', { name: words.remove, exact: true })
      }
      const first = await remove(1)
      await updateFilter(database, id, a?.classId ?? '', { header: 'X-Kind' })
      await first.click()
      await dialog.getByText(words.theirs).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.equal((await findFilters(database, id)).length, 2)
      await dialog.getByRole('button', { name: words.removeAnyway }).click()
      await dialog.waitFor({ state: 'detached' })
      assert.deepEqual(
        (await findFilters(database, id)).map(({ name }) => name),
        ['b'],
      )

      const second = await remove(1)
      await deleteFilter(database, id, b?.classId ?? '', Date.now())
      await second.click()
      await dialog.getByText(words.gone).waitFor()
    })
  }
})
