import { execFileSync } from 'node:child_process'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium as engine, type Page } from 'playwright-core'

export type NewPage = (options: BrowserContextOptions) => Promise<Page>

/**
 * A real browser for all tests of a block, on a console that is built from what lies here; answers how a page of its own, without
 * anybody's cookies, is opened in it. To be called in the block itself.
 */
export function sharedBrowser(): NewPage {
  let browser: Browser | undefined
  before(async () => {
    const build = fileURLToPath(new URL('../../console/build-if-stale.ts', import.meta.url))
    execFileSync(process.execPath, [build], { stdio: 'inherit' })
    browser = await engine.launch({
      executablePath: await chromium.executablePath(), // The package's own arguments are for another place: they run all pages in one process, without web security.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    })
  })
  after(() => browser?.close())
  return async (options) => {
    if (!browser) throw new Error('no browser is open')
    const context = await browser.newContext(options)
    return context.newPage()
  }
}
