import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { createForm } from '../../src/subscribers/forms/form.ts'
import { sharedBrowser } from '../support/browser.ts'
import { addTenant, sharedInstallation } from '../support/installation.ts'
import { barriers } from './accessible.ts'
import { openConsole } from './console.ts'
import { SOME_FORM } from './some-form.ts'
import { fillTenant } from './some-history.ts'

const WORDS = {
  ja: {
    siteAdmin: '開けるのは、役割が「管理者」で、サイトのすべてのサービスを担当する利用者です。',
    installation: '開けるのは、役割が「管理者」で、すべてのサイトを担当する利用者です。',
    edit: '開けるのは、「編集」権限を持つ利用者です。役割「管理者」と「運用担当者」には含まれています。',
    reset: /^開けるのは、「エラーカウントリセット」権限を持つ利用者です。/,
    you: /の役割は「閲覧者」です。この画面が必要な場合は、管理者に/,
    readOnly: '表示のみできます。変更できるのは、役割が「管理者」の利用者です。',
    formReadOnly: '表示のみできます。変更できるのは、「編集」権限を持つ利用者です。',
    foreign: 'このサービスは開けません',
    own: '担当しているサービスへ',
  },
  en: {
    siteAdmin: 'It is open to people with the role “Administrator” for all services of the site.',
    installation: 'It is open to people with the role “Administrator” for every site.',
    edit: 'It is open to people with the permission “Edit”, which the roles “Administrator” and “Operator” bring along.',
    reset: /^It is open to people with the permission “Error count reset”/,
    you: /is “Viewer”\. If you need this screen, ask an administrator/,
    readOnly: 'You can look at this. Changing it takes the role “Administrator”.',
    formReadOnly: 'You can look at this. Changing it takes the permission “Edit”.',
    foreign: 'You cannot open this service',
    own: 'Go to a service of mine',
  },
} as const

const OFFERED = "[...document.querySelectorAll('nav[aria-label] a')].map((link) => link.pathname)"

describe('what somebody may not do in the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  /** The screens that the side bar leads to, without the service that they are of. */
  const offered = async ({ page, open }: Pick<Awaited<ReturnType<typeof openConsole>>, 'page' | 'open'>) => {
    await open('')
    await page.locator('nav a').first().waitFor()
    return (await page.evaluate(OFFERED)) as string[]
  }
  const screenOf = (path: string) => path.replace(/^\/console\/(services\/\d+)?\/?/, '')
  /** What the server refused since, by address. */
  const watchRefusals = (page: Page) => {
    const refused: string[] = []
    page.on('response', (answer) => {
      if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.url()}`)
    })
    return refused
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]
    const RESERVED = {
      'one-click': words.reset,
      audit: words.siteAdmin,
      'api-users': words.siteAdmin,
      people: words.siteAdmin,
      'nobodys-inbound': words.installation,
      unverified: words.installation,
    } as const

    it(`is not offered to them, and a link to it says what it shows and who may open it (${language})`, async (t) => {
      const everything = await openConsole(t, installation(), newPage, {
        ...{ language, grants: { permissions: ['error-count-reset'], siteId: null } },
      })
      const all = await offered(everything)
      await everything.page.context().close()
      const opened = await openConsole(t, installation(), newPage, { language, grants: { role: 'viewer' } })
      const { page, open, tenant, complaints } = opened
      await fillTenant(tenant)
      const own = await offered(opened)
      const missing = all.map(screenOf).filter((screen) => !own.map(screenOf).includes(screen))
      assert.deepEqual(missing.sort(), Object.keys(RESERVED).sort())

      const refused = watchRefusals(page)
      const main = page.getByRole('main')
      const isExplained = async (who: string | RegExp) => {
        await main.getByText(who).waitFor()
        await main.getByText(words.you).waitFor()
        await page.waitForLoadState('networkidle')
        // A title and what it is about; and nothing to search, download or press.
        assert.notEqual(await main.locator('h1').innerText(), '')
        assert.notEqual(await main.locator('h1 + p').innerText(), '')
        assert.equal(await main.locator('button, a, input, search, table, [role=alert]').count(), 0)
      }
      for (const [screen, who] of Object.entries(RESERVED)) {
        const isOfSite = all.includes(`/console/${screen}`)
        await page.goto(isOfSite ? `/console/${screen}` : `/console/services/${tenant.service.id}/${screen}`)
        await isExplained(who)
      }
      assert.deepEqual(await barriers(page, language), [])
      await open('forms/new')
      await isExplained(words.edit)
      // What the server refuses does not depend on the language.
      for (const path of language === 'ja' ? own : []) {
        await page.goto(path)
        await page.locator('h1').waitFor()
        await page.waitForLoadState('networkidle')
        assert.equal(await main.getByRole('alert').count(), 0, path)
      }
      await open('settings')
      await main.getByText(words.readOnly).waitFor()
      const { id } = await createForm(installation().capabilities.database, tenant.service, {
        ...SOME_FORM,
        now: Date.now(),
      })
      await open(`forms/${id}`)
      await main.getByText(words.formReadOnly).waitFor()
      assert.deepEqual([refused, complaints], [[], []])
    })

    it(`is no more of a service than of a screen: whose link they follow they are told (${language})`, async (t) => {
      const { service } = await addTenant(installation())
      const opened = await openConsole(t, installation(), newPage, { language, grants: { role: 'viewer' } })
      const { page, tenant } = opened
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      for (const id of [service.id, 999_999]) {
        await page.goto(`/console/services/${id}/lists/blocklist`)
        await page.getByRole('heading', { name: words.foreign, level: 1 }).waitFor()
        await page.waitForLoadState('networkidle')
        assert.equal(await page.getByRole('main').locator('input, search').count(), 0)
      }
      assert.deepEqual(
        asked.filter((url) => url.includes('/api/v1/services/')),
        [],
      )
      assert.deepEqual(await barriers(page, language), [])
      await page.getByRole('link', { name: words.own }).click()
      await page.waitForURL(new RegExp(`/services/${tenant.service.id}$`))
    })
  }

  it('is no file: whoever may not download is offered none, on a screen that they may open', async (t) => {
    const { page, open } = await openConsole(t, installation(), newPage, {
      ...{ language: 'en', grants: { role: 'viewer', permissions: ['error-count-reset'] } },
    })
    await open('one-click')
    await page.getByRole('heading', { name: 'Who unsubscribed' }).waitFor()
    assert.equal(await page.getByRole('heading', { name: 'Export' }).count(), 0)
  })
})
