import type { BrowserContextOptions, Page } from 'playwright-core'
import type { NewPage } from '../support/browser.ts'

/** Pages that nobody uses, of each browser, by what they were opened with. */
const kept = new WeakMap<NewPage, Map<string, Page[]>>()

/**
 * A page on which nobody is signed in, and how it is given back. What a page once loaded of the console it need not load and compile
 * again, which is half of what a new one takes: whoever comes next gets it, without cookies, storage and whatever else its last user left.
 */
export async function takePage(
  newPage: NewPage,
  options: BrowserContextOptions,
): Promise<{ page: Page; giveBack(): Promise<void> }> {
  const key = JSON.stringify(options)
  const idle = kept.get(newPage)?.get(key) ?? []
  kept.set(newPage, (kept.get(newPage) ?? new Map()).set(key, idle))
  const page = idle.pop() ?? (await newPage(options))
  const giveBack = async () => {
    // Who closed it meant to.
    if (page.isClosed()) return
    // A page of a server that is gone leads nowhere else either.
    if (await leave(page, options).catch(() => false)) idle.push(page)
    else await page.context().close()
  }
  return { page, giveBack }
}

/** On the same server: what a process of the browser has compiled it keeps no longer than it shows pages of that server. */
async function leave(
  page: Page,
  { viewport, colorScheme = null, reducedMotion = null }: BrowserContextOptions,
): Promise<true> {
  const context = page.context()
  await Promise.all(
    context
      .pages()
      .filter((other) => other !== page)
      .map((other) => other.close()),
  )
  page.removeAllListeners()
  context.removeAllListeners()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.setOffline(false)
  if (page.url() !== 'about:blank') await page.evaluate('localStorage.clear(); sessionStorage.clear()')
  await page.goto('/healthz')
  await context.clearCookies()
  await page.emulateMedia({ colorScheme, reducedMotion })
  if (viewport) await page.setViewportSize(viewport)
  return true
}
