import { execFileSync } from 'node:child_process'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type BrowserContextOptions, chromium as engine, type Page } from 'playwright-core'

export type NewPage = (options: BrowserContextOptions) => Promise<Page>

/** Builds the console where that is needed and unpacks the browser; answers its program. */
export async function prepareBrowser(): Promise<string> {
  const build = fileURLToPath(new URL('../../console/build-if-stale.ts', import.meta.url))
  execFileSync(process.execPath, [build], { stdio: 'inherit' })
  return chromium.executablePath()
}

/**
 * A real browser on a console that is built from what lies here; answers how a page of its own, without anybody's cookies, is opened
 * in it. It ends with the lifetime.
 */
export async function openBrowser(lifetime: { after(end: () => unknown): void }): Promise<NewPage> {
  const browser = await engine.launch({
    executablePath: await prepareBrowser(),
    // The package's own arguments are for another place: they run all pages in one process, without web security.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  lifetime.after(() => browser.close())
  return async (options) => (await browser.newContext(options)).newPage()
}

/** One for all tests of a block. To be called in the block itself. */
export function sharedBrowser(): NewPage {
  let newPage: NewPage | undefined
  // What is handed to `after` within a hook runs as soon as that hook has ended.
  const cleanUps: (() => unknown)[] = []
  before(async () => {
    newPage = await openBrowser({ after: (cleanUp) => void cleanUps.push(cleanUp) })
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })
  return async (options) => {
    if (!newPage) throw new Error('no browser is open')
    return newPage(options)
  }
}
