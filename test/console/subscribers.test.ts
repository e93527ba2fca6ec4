import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findSubscriber } from '../../src/subscribers/search.ts'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const grants = { role: 'operator', permissions: ['error-count-reset'] } as const
const OPERATOR = { ...grants, permissions: [...grants.permissions] }

const WORDS = {
  ja: {
    register: '新規登録',
    submit: '登録する',
    takeOver: '変更された項目を取り込む',
    joined: '加入',
    left: '退会',
    update: '更新する',
    import: 'CSVインポート',
    malformed: 'メールアドレスの形式が正しくありません',
    importGo: '取り込む',
    importDone: '取り込みが完了しました',
    liftsNothing: 'CSVインポートでは、登録解除リストからの削除は行われません。',
    delete: '削除',
    continue: '続ける',
    edit: '編集: taro@example.jp',
    deleteOne: '削除: taro@example.jp',
  },
  en: {
    register: 'Register a subscriber',
    submit: 'Register',
    takeOver: 'Take their changes over',
    joined: 'Joined',
    left: 'Left',
    update: 'Save',
    import: 'Import a CSV file',
    malformed: 'this is not a mail address',
    importGo: 'Import',
    importDone: 'The file is imported',
    liftsNothing: 'An import takes nobody off any list',
    delete: 'Delete',
    continue: 'Continue',
    edit: 'Edit taro@example.jp',
    deleteOne: 'Delete taro@example.jp',
  },
} as const

describe('the subscribers in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const confirm = async ({ page }: ConsolePage, button: string) => {
    const dialog = page.getByRole('dialog').filter({ has: page.locator('input[type=password]') })
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: button }).click()
  }
  /** What a provider sends when the recipient presses its button. */
  const unsubscribe = ({ tenant }: ConsolePage) =>
    fetch(tenant.linkOf('taro@example.jp').replace(/^https?:\/\/[^/]+/, installation().url), {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
    })
  /** The line of the export of one-click unsubscribes of seed 000. */
  const exported = async ({ page, tenant }: ConsolePage) => {
    const { id } = tenant.service
    const file = await page.request.get(
      `/api/v1/services/${id}/exports/one-click?sender=news@example.com&format=csv`,
    )
    assert.equal(file.status(), 200)
    return /^taro@example\.jp,.*$/m.exec(await file.text())?.[0]
  }
  const isDone = (page: ConsolePage['page'], text: string) => page.getByText(text).first().waitFor()

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`register somebody anew, who is off the unsubscribe list by it, as seed 000 says (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants: OPERATOR })
      const { page, open, tenant, complaints } = console
      await unsubscribe(console)
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)
      assert.ok(await exported(console))
      await open('subscribers')
      await page.getByRole('button', { name: words.register }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('input[inputmode=email]').fill('taro@example.jp')
      await dialog.locator('textarea').first().fill('u1\nu2')
      await dialog.getByRole('button', { name: words.submit, exact: true }).click()
      await confirm(console, words.continue)
      await page.getByRole('cell', { name: 'taro@example.jp', exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), true)
      assert.equal(await exported(console), undefined)
      const { database } = installation().capabilities
      const { membership, via, userIds } = await findSubscriber(database, tenant.service, 'taro@example.jp')
      assert.deepEqual([membership, via, userIds], ['joined', 'console', ['u1', 'u2']])
      assert.deepEqual(
        complaints.filter((text) => !text.includes('403')),
        [],
      )
    })

    it(`let somebody join by editing, which takes them off the list too, as seed 000 says (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants: OPERATOR })
      const { page, open, tenant } = console
      const { database, clock, erased } = installation().capabilities
      const { createJoin } = await import('../../src/subscribers/join.ts')
      const recipient = { address: 'taro@example.jp', key: 'taro@example.jp' }
      const data = { attributes: { age: 30 } }
      await createJoin(database, clock, erased)({ service: tenant.service, recipient, data, via: 'api' })
      await unsubscribe(console)

      // Whoever only corrects what is known makes no mail go out.
      await open('subscribers?contains=taro')
      await page.getByRole('button', { name: words.edit }).click()
      await page.getByRole('dialog').locator('textarea').first().fill('u7')
      await page.getByRole('button', { name: words.update }).click()
      await confirm(console, words.continue)
      await page.getByRole('cell', { name: 'u7', exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)

      await page.getByRole('button', { name: words.edit }).click()
      await page.getByRole('dialog').getByRole('radio', { name: words.joined, exact: true }).check()
      await page.getByRole('button', { name: words.update }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.equal(await tenant.wouldMail('taro@example.jp'), true)
      assert.equal(await exported(console), undefined)
      const found = await findSubscriber(database, tenant.service, 'taro@example.jp')
      assert.deepEqual([found.userIds, found.attributes], [['u7'], { age: 30 }])

      await page.getByRole('button', { name: words.edit }).click()
      await page.getByRole('dialog').getByRole('radio', { name: words.left, exact: true }).check()
      await page.getByRole('button', { name: words.update }).click()
      await page.getByRole('cell', { name: words.left, exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), true)
    })

    it(`that two people edit lose nothing of either (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants: OPERATOR })
      const { page, open, tenant } = console
      const { database, clock, erased } = installation().capabilities
      const { createJoin } = await import('../../src/subscribers/join.ts')
      const recipient = { address: 'taro@example.jp', key: 'taro@example.jp' }
      const data = { userIds: ['u1'], attributes: { plan: 'a' } }
      await createJoin(database, clock, erased)({ service: tenant.service, recipient, data, via: 'api' })
      await open('subscribers?contains=taro')
      await page.getByRole('button', { name: words.edit }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('textarea').first().fill('u1\nu2')
      // Somebody else, or the person's own answer in a form, is quicker.
      const form = { service: tenant.service, recipient, data: { attributes: { plan: 'b' } } }
      await createJoin(database, () => clock() + 1, erased)({ ...form, via: 'form' })
      await dialog.getByRole('button', { name: words.update }).click()
      await confirm(console, words.continue)
      await dialog.getByText(/plan: b/).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      await dialog.getByRole('button', { name: words.takeOver }).click()
      await dialog.getByRole('button', { name: words.update }).click()
      await dialog.waitFor({ state: 'detached' })
      const found = await findSubscriber(database, tenant.service, 'taro@example.jp')
      assert.deepEqual([found.userIds, found.attributes], [['u1', 'u2'], { plan: 'b' }])
    })

    it(`import a file, which takes nobody off a list, and delete one of it (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants: OPERATOR })
      const { page, open, tenant } = console
      await unsubscribe(console)
      await open('subscribers')
      await page.getByRole('button', { name: words.import }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(words.liftsNothing).waitFor()
      const buffer = Buffer.from('email,user_id\ntaro@example.jp,7\nnobody,8\n')
      await dialog
        .locator('input[type=file]')
        .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer })
      await dialog.getByRole('button', { name: words.importGo, exact: true }).click()
      await isDone(page, words.importDone)
      await dialog.getByRole('cell', { name: 'nobody,8' }).waitFor()
      await dialog.getByRole('cell', { name: words.malformed, exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)
      assert.match((await exported(console)) ?? '', /,0\r?$/)

      await open('subscribers?userId=7&membership=joined')
      await page.getByRole('button', { name: words.deleteOne }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.delete, exact: true }).click()
      await confirm(console, words.continue)
      await page.getByRole('cell', { name: 'taro@example.jp', exact: true }).waitFor({ state: 'detached' })
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)
      assert.match((await exported(console)) ?? '', /,0\r?$/)
    })
  }

  it('can be used by everyone', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, { grants: OPERATOR })
    const { database, clock } = installation().capabilities
    const { createJoin } = await import('../../src/subscribers/join.ts')
    const recipient = { address: 'taro@example.jp', key: 'taro@example.jp' }
    const data = { userIds: ['u1'], attributes: { 名前: '太郎' } }
    await open('subscribers')
    assert.deepEqual(await barriers(page), [])
    await createJoin(database, clock)({ service: tenant.service, recipient, data, via: 'api' })
    await open('subscribers?contains=taro')
    await page.getByRole('cell', { name: 'taro@example.jp', exact: true }).waitFor()
    assert.deepEqual(await barriers(page), [])
    for (const button of [WORDS.ja.register, WORDS.ja.import, WORDS.ja.edit, WORDS.ja.deleteOne]) {
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('dialog').waitFor()
      assert.deepEqual(await barriers(page), [], button)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })

  it('hide what someone may not do', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { grants: { role: 'viewer' } })
    await open('subscribers')
    await page.getByText('エンドユーザーはまだ登録されていません').waitFor()
    assert.equal(await page.getByRole('button', { name: WORDS.ja.register }).count(), 0)
  })
})
