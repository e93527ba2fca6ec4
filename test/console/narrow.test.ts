import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createForm } from '../../src/subscribers/forms/form.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { goByLink, openConsole } from './console.ts'
import { mail } from './mailing.ts'
import { SOME_FORM } from './some-form.ts'
import { fillTenant } from './some-history.ts'

const grants = { role: 'administrator', permissions: ['error-count-reset'], siteId: null } as const

/** A telephone, the narrowest window with a side bar, one of middling width, and one in which every table is a table. */
const WIDTHS = [360, 768, 900, 1280]

const NAMES = { ja: '日本語', en: 'English' }

/** Texts of cells that stand outside the room of their table, or that nothing names. */
const CELLS_OUTSIDE = `[...document.querySelectorAll('.wide-table tbody td:not(:empty)')]
  .filter((cell) => {
    const { left, right } = cell.getBoundingClientRect()
    const room = cell.closest('.wide-table').getBoundingClientRect()
    return left < Math.max(room.left, 0) - 1 || right > Math.min(room.right, innerWidth) + 1 ||
      cell.scrollWidth > cell.clientWidth + 1 ||
      (!cell.dataset.label && !cell.querySelector('button, input'))
  })
  .map((cell) => cell.textContent)`

/** What buttons say, and texts of windows, of which a part cannot be read. */
const CUT = `[...document.querySelectorAll('main .mantine-Button-label, [role=dialog] .mantine-Alert-body, [role=dialog] .mantine-Alert-root')]
  .filter((text) => text.checkVisibility() && text.scrollWidth > text.clientWidth + 1)
  .map((text) => text.textContent)`

/** The side bar moves in and out, and takes what is beside it along. */
const SETTLED = `(async () => {
  const frames = () => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))
  await frames()
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  await frames()
})()`

describe('the screens of the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  it('fit every width from 360 pixels on in either language, tables too, and say in which zone their times are', async (t) => {
    const opened = await openConsole(t, installation(), newPage, {
      grants: { ...grants, permissions: [...grants.permissions] },
    })
    const { page, open, tenant } = opened
    await fillTenant(tenant)
    const { database } = installation().capabilities
    const form = await createForm(database, tenant.service, { ...SOME_FORM, now: Date.now() })
    await tenant.addFilter({
      ...{ name: '配信リストA', header: 'List-Id', pattern: '<a.example.com>', match: 'exact' },
    })
    const delivery = await mail(opened, ['a.rather.long.address.of.somebody@subdomain.example.jp'])
    await open('')
    await page.locator('nav a').first().waitFor({ state: 'attached' })
    const links = await page.evaluate("[...document.querySelectorAll('nav a')].map((link) => link.pathname)")
    const service = `/console/services/${tenant.service.id}`
    const screens = [
      ...(links as string[]),
      ...['/console/account', `${service}/forms/${form.id}`, `${service}/deliveries/${delivery}`],
      `${service}/address#address=taro%40example.jp`,
    ]
    assert.ok(screens.length > 18)
    for (const screen of screens) {
      if ((links as string[]).includes(screen)) await goByLink(page, screen)
      else {
        await page.goto(screen)
        await page.locator('h1').waitFor()
        await page.waitForLoadState('networkidle')
      }
      // The choice is kept: the next screen begins with the language in which this one ends.
      const begun = await page.evaluate('document.documentElement.lang')
      for (const language of begun === 'ja' ? (['ja', 'en'] as const) : (['en', 'ja'] as const)) {
        await page.locator('header').getByText(NAMES[language], { exact: true }).click()
        await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' })
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 740 })
          await page.evaluate(SETTLED)
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          const at = `${screen} (${language}) at ${width}`
          assert.ok(Number(overflow) <= 0, `${overflow} pixels too wide: ${at}`)
          assert.deepEqual(await page.evaluate(CELLS_OUTSIDE), [], `cuts its table: ${at}`)
          assert.deepEqual(await page.evaluate(CUT), [], `cuts buttons: ${at}`)
        }
      }
      assert.equal(await page.locator('.wide-table[data-cards]').count(), 0, `${screen} has cards at 1280`)
      await page.locator('footer').getByText(tenant.service.timeZone).waitFor()
    }
  })

  it('have windows that can be read whole on a telephone', async (t) => {
    const viewport = { width: 360, height: 740 }
    const { page, open } = await openConsole(t, installation(), newPage, { viewport })
    await open('senders')
    await page.getByRole('button', { name: /DNS/ }).click()
    await page.getByRole('dialog').getByText('dkim create').waitFor()
    assert.deepEqual(await page.evaluate(CUT), [])
  })
})
