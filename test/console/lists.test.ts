import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { registerSender } from '../../src/tenants/sender.ts'
import { PASSWORD } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { type ConsolePage, openConsole } from './console.ts'

const OPERATOR = { role: 'operator', permissions: ['error-count-reset'] } as const
const grants = { ...OPERATOR, permissions: [...OPERATOR.permissions] }

const WORDS = {
  ja: {
    edit: 'CSVで編集',
    restart: '購読を再開する',
    preview: '変更内容を確認',
    run: '実行',
    done: '反映が完了しました',
    remove: '削除',
    export: 'データエクスポート',
    set: '設定する',
    resumeOne: '選択した 1 件の配信を再開する',
    resume: '配信を再開する',
    continue: '続ける',
    undo: '元に戻す',
    undone: '取り消し済み',
    takenBack: '元に戻しました',
    rejects: /スキップした行をダウンロード/,
    close: '閉じる',
    listName: 'ハードバウンス',
  },
  en: {
    edit: 'Edit by CSV',
    restart: 'Resume mail to them',
    preview: 'See what would change',
    run: 'Carry out',
    done: 'Done',
    remove: 'Remove from the list',
    export: 'Export',
    set: 'Resume by file',
    resumeOne: 'Resume the one selected',
    resume: 'Resume',
    continue: 'Continue',
    undo: 'Undo',
    undone: 'Undone',
    takenBack: 'Undone',
    rejects: /Download the skipped rows/,
    close: 'Close',
    listName: 'Hard bounces',
  },
} as const

describe('the lists in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http,worker', now: Date.now() }))
  const newPage = sharedBrowser()

  /** Enters the password again where the console asks for it. */
  const confirm = async ({ page }: ConsolePage, button: string) => {
    const dialog = page.getByRole('dialog').filter({ has: page.locator('input[type=password]') })
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: button }).click()
  }
  /** Chooses a file, looks at what would change, and carries it out. */
  const carryOut = async (
    { page }: ConsolePage,
    words: (typeof WORDS)['ja' | 'en'],
    name: string,
    text: string,
  ) => {
    const dialog = page.getByRole('dialog')
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    await dialog.getByRole('button', { name: words.preview }).click()
    await dialog.getByRole('button', { name: words.run, exact: true }).click()
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`stop and resume mail of a sender by CSV, as seed 001 says (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant, complaints } = console
      await open('stop-lists')
      await page.getByRole('button', { name: words.edit }).click()
      await carryOut(console, words, 'stop.csv', 'email\ntaro@example.jp\nnobody\n')
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)

      await open('stop-lists')
      await page.getByRole('button', { name: words.edit }).click()
      await page.getByRole('radio', { name: words.restart }).check()
      await carryOut(console, words, 'resume.csv', 'email\ntaro@example.jp\n')
      await confirm(console, words.continue)
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('taro@example.jp'), true)
      // The browser itself tells of the answer that asked for the password.
      assert.deepEqual(
        complaints.filter((text) => !text.includes('403')),
        [],
      )
    })

    it(`add to the hard bounces and remove from them by CSV, as seed 001 says (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant } = console
      await open('lists/hard-bounces')
      await page.getByRole('button', { name: words.edit }).click()
      await carryOut(console, words, 'bounced.csv', 'email\nhanako@example.jp\n')
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('hanako@example.jp'), false)

      await open('lists/hard-bounces')
      await page.getByRole('button', { name: words.edit }).click()
      await page.getByRole('radio', { name: words.remove }).check()
      await carryOut(console, words, 'gone.csv', 'email\nhanako@example.jp\n')
      await confirm(console, words.continue)
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('hanako@example.jp'), true)
    })

    it(`take a file back while what came of it is in view, and download what it skipped (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant } = console
      await open('lists/hard-bounces')
      await page.getByRole('button', { name: words.edit }).click()
      await carryOut(console, words, 'early.csv', 'email\ngoro@example.jp\n=1+1\n')
      await page.getByText(words.done, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('goro@example.jp'), false)
      const dialog = page.getByRole('dialog')
      const download = page.waitForEvent('download')
      await dialog.getByRole('link', { name: words.rejects }).click()
      // As spreadsheets open it: in UTF-8, and calculating nothing.
      assert.match(
        await readFile(await (await download).path(), 'utf8'),
        /^\ufeff(?:行,内容,理由,コード|row,text,reason,code)\r\n3,\t=1\+1,/,
      )
      await dialog.getByRole('button', { name: words.undo }).click()
      await confirm(console, words.continue)
      await dialog.getByText(words.takenBack, { exact: true }).waitFor()
      assert.equal(await tenant.wouldMail('goro@example.jp'), true)
      await dialog.getByRole('button', { name: words.close }).last().click()
      await page.getByRole('cell', { name: 'goro@example.jp', exact: true }).waitFor({ state: 'detached' })
      await open('imports')
      await page.getByRole('cell', { name: words.listName, exact: true }).first().waitFor()
    })

    it(`export one-click unsubscribes and resume them by file, as seed 000 says (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant } = console
      await fetch(tenant.linkOf('taro@example.jp').replace(/^https?:\/\/[^/]+/, installation().url), {
        method: 'POST',
        body: 'List-Unsubscribe=One-Click',
      })
      assert.equal(await tenant.wouldMail('taro@example.jp'), false)
      await open('one-click')
      const flagOf = async () => {
        const download = page.waitForEvent('download')
        await page.getByRole('link', { name: words.export }).click()
        const csv = await readFile(await (await download).path(), 'utf8')
        return /^taro@example\.jp,.*,(\d)\r?$/m.exec(csv)?.[1]
      }
      assert.equal(await flagOf(), '0')
      await page.getByRole('button', { name: words.set }).click()
      await carryOut(console, words, 'resume.txt', 'taro@example.jp\n')
      await confirm(console, words.continue)
      await page.getByText(words.done, { exact: true }).waitFor()
      await open('one-click')
      assert.equal(await flagOf(), '1')
      assert.equal(await tenant.wouldMail('taro@example.jp'), true)
    })

    it(`find by a part of the address, resume one, and undo a file (${language})`, async (t) => {
      const console = await openConsole(t, installation(), newPage, { language, grants })
      const { page, open, tenant } = console
      await open('stop-lists')
      await page.getByRole('button', { name: words.edit }).click()
      await carryOut(console, words, 'two.csv', 'email\njiro@example.jp\nsaburo@example.jp\n')
      await page.getByText(words.done, { exact: true }).waitFor()

      await open('stop-lists?contains=jiro')
      await page.getByRole('cell', { name: 'jiro@example.jp', exact: true }).waitFor()
      assert.equal(await page.getByRole('cell', { name: 'saburo@example.jp', exact: true }).count(), 0)
      await page.getByRole('checkbox', { name: /jiro@example\.jp/ }).check()
      await page.getByRole('button', { name: words.resumeOne }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.resume, exact: true }).click()
      await confirm(console, words.continue)
      await page.getByRole('cell', { name: 'jiro@example.jp', exact: true }).waitFor({ state: 'detached' })
      assert.equal(await tenant.wouldMail('jiro@example.jp'), true)

      await open('imports')
      await page.getByRole('button', { name: 'two.csv' }).first().click()
      await page.getByRole('dialog').getByRole('button', { name: words.undo }).click()
      await page.getByRole('cell', { name: words.undone }).waitFor()
      assert.equal(await tenant.wouldMail('saburo@example.jp'), true)
    })
  }

  it('keep what was chosen when the session ends in the middle', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, { grants })
    await open('stop-lists')
    await page.getByRole('button', { name: WORDS.ja.edit }).click()
    const file = { name: 'late.csv', mimeType: 'text/csv', buffer: Buffer.from('email\nshiro@example.jp\n') }
    await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file)
    const { database } = installation().capabilities
    await database.transact([database.query.deleteFrom('person_session')])
    await page.getByRole('button', { name: WORDS.ja.preview }).click()
    const again = page.getByRole('dialog', { name: 'もう一度サインインしてください' })
    await again.locator('input[type=password]').fill(PASSWORD)
    await again.getByRole('button', { name: 'サインイン' }).click()
    await page.getByRole('button', { name: WORDS.ja.run, exact: true }).click()
    await page.getByText(WORDS.ja.done, { exact: true }).waitFor()
    assert.equal(await tenant.wouldMail('shiro@example.jp'), false)
  })

  it('drop a file, and what was said of it, for the next choice, and name the list as the screen does', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, { grants })
    await open('stop-lists')
    await page.getByRole('button', { name: WORDS.ja.edit }).click()
    const dialog = page.getByRole('dialog')
    const choose = (name: string, text: string) =>
      dialog
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    const preview = dialog.getByRole('button', { name: WORDS.ja.preview })
    await choose('twice.csv', 'email,Email\na@example.jp,b@example.jp\n')
    await preview.click()
    await dialog.getByText(/1 行目.*1 列目と 2 列目/).waitFor()
    await choose('notes.docx', 'words')
    await dialog.getByText('CSV ファイル(.csv)を選択してください。').waitFor()
    assert.equal(await dialog.getByRole('alert').count(), 1)
    assert.equal(await dialog.getByText('twice.csv').count(), 0)
    assert.ok(await preview.isDisabled())
    await choose('list.xlsx', 'PK')
    await dialog.getByText(/^Excel ブックは.*「CSV UTF-8/).waitFor()
    await choose('ok.csv', 'email\nc@example.jp\nnobody\n')
    assert.equal(await dialog.getByRole('alert').count(), 0)
    await preview.click()
    await dialog.getByText(`ok.csv → ${tenant.sender.address} の購読停止`).waitFor()
    const download = page.waitForEvent('download')
    await dialog.getByText('スキップした行をダウンロード (1)').click()
    assert.equal(
      await readFile(await (await download).path(), 'utf8'),
      '\ufeff行,内容,理由,コード\r\n3,nobody,メールアドレスの形式が正しくありません,malformed-address\r\n',
    )
  })

  it('begin the next file with the sender that the screen shows, and cannot be left without one', async (t) => {
    const { page, open, tenant } = await openConsole(t, installation(), newPage, { grants })
    const { database, ids } = installation().capabilities
    const request = { address: 'other@example.com', oneClick: true, now: Date.now() }
    const other = await registerSender(database, ids.list, tenant.service, request)
    await open(`stop-lists?sender=${tenant.sender.address}`)
    const sender = page.getByRole('dialog').getByRole('combobox')
    const begin = () => page.getByRole('button', { name: WORDS.ja.edit }).click()
    const choose = async (address: string) => {
      await sender.click()
      await page.getByRole('option', { name: address }).click()
    }
    await begin()
    await choose(other.address)
    await choose(other.address)
    assert.equal(await sender.inputValue(), other.address)
    await page.getByRole('radio', { name: WORDS.ja.restart }).check()
    await page.keyboard.press('Escape')
    await sender.waitFor({ state: 'detached' })
    await begin()
    assert.equal(await sender.inputValue(), tenant.sender.address)
    assert.equal(await page.getByRole('radio', { name: WORDS.ja.restart }).isChecked(), false)
  })

  it('tell of a text file that cannot be read in words that are not of CSV', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { grants })
    await open('one-click')
    await page.getByRole('button', { name: WORDS.ja.set }).click()
    const dialog = page.getByRole('dialog')
    const told = async (buffer: Buffer) => {
      await dialog
        .locator('input[type=file]')
        .setInputFiles({ name: 'resume.txt', mimeType: 'text/plain', buffer })
      await dialog.getByRole('button', { name: WORDS.ja.preview }).click()
      const text = await dialog.getByRole('alert').innerText()
      assert.doesNotMatch(text, /CSV|カラム|列|詳細|encoding/)
      return text
    }
    assert.match(await told(Buffer.from('504b030414000600', 'hex')), /ZIP/)
    // taro@example.jp, and 日本語 in Shift_JIS.
    assert.match(
      await told(Buffer.from('7461726f406578616d706c652e6a700a93fa967b8cea0a', 'hex')),
      /Shift_JIS.*UTF-8/,
    )
    assert.match(await told(Buffer.from('\n')), /メールアドレス/)
  })

  it('say why days that are not entered export nothing', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { grants })
    await open('one-click')
    for (const day of ['開始日', '終了日']) {
      const field = page.getByLabel(day)
      const before = await field.inputValue()
      await field.fill('')
      await page.getByText('日付を入力してください。').waitFor()
      await field.fill(before)
      await page.getByText('日付を入力してください。').waitFor({ state: 'detached' })
    }
  })

  it('say what fills each of them while it is empty', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { grants })
    const fills = {
      'stop-lists': /ワンクリック登録解除や登録解除ページ/,
      'lists/hard-bounces': /恒久的なエラー/,
      'lists/complaints': /報告をメール事業者から受け取ると/,
      'lists/blocklist': /アドレスの画面での操作/,
    }
    for (const [screen, what] of Object.entries(fills)) {
      await open(screen)
      await page.getByText(what).waitFor()
    }
  })

  it('can be used by everyone with a menu or a window open', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { grants })
    await open('stop-lists')
    for (const name of [WORDS.ja.edit, 'ダウンロード', 'アカウント']) {
      await page.getByRole('button', { name, exact: true }).click()
      const shown = page.locator('[role=dialog], [role=menu]').filter({ visible: true })
      await shown.waitFor()
      assert.deepEqual(await barriers(page), [], name)
      await page.keyboard.press('Escape')
      await shown.waitFor({ state: 'hidden' })
    }
  })

  it('can be used by everyone, and hide what someone may not do', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, { grants: { role: 'viewer' } })
    for (const screen of ['stop-lists', 'lists/hard-bounces', 'imports', 'one-click']) {
      await open(screen)
      assert.deepEqual(await barriers(page), [], screen)
      assert.equal(await page.getByRole('button', { name: WORDS.ja.edit }).count(), 0)
    }
    await page.getByText(/^開けるのは、「エラーカウントリセット」権限を持つ利用者です。/).waitFor()
  })
})
