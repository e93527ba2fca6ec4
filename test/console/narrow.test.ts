import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import { openConsole } from './console.ts'
import { fillTenant } from './some-history.ts'

const grants = { role: 'administrator', permissions: ['error-count-reset'], siteId: null } as const

/** Texts of cells that stand outside the window, or that nothing names. */
const CELLS_OUTSIDE = `[...document.querySelectorAll('.wide-table tbody td')]
  .filter((cell) => {
    const { left, right } = cell.getBoundingClientRect()
    return left < 0 || right > innerWidth || cell.scrollWidth > cell.clientWidth ||
      (!cell.dataset.label && !cell.querySelector('button, input'))
  })
  .map((cell) => cell.textContent)`

describe('the screens of the console', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  for (const language of ['ja', 'en'] as const) {
    it(`fit 360 pixels, and say in which zone their times are (${language})`, async (t) => {
      const { page, open, tenant } = await openConsole(t, installation(), newPage, {
        language,
        grants: { ...grants, permissions: [...grants.permissions] },
        viewport: { width: 360, height: 740 },
      })
      await fillTenant(tenant)
      await open('')
      await page.locator('nav a').first().waitFor({ state: 'attached' })
      const links = await page.evaluate(
        "[...document.querySelectorAll('nav a')].map((link) => link.pathname)",
      )
      const screens = [...(links as string[]), '/console/account']
      assert.ok(screens.length > 15)
      for (const screen of screens) {
        await page.goto(screen)
        await page.locator('h1').waitFor()
        await page.waitForLoadState('networkidle')
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.ok(Number(overflow) <= 0, `${screen} is ${overflow} pixels too wide`)
        assert.deepEqual(await page.evaluate(CELLS_OUTSIDE), [], `${screen} cuts cells of its table`)
        await page.locator('footer').getByText(tenant.service.timeZone).waitFor()
      }
    })
  }
})
