import type { BrowserContextOptions, Page, Request } from 'playwright-core'
import { type Grants, PASSWORD, signedIn } from '../entry/http/console/signed-in.ts'
import type { NewPage } from '../support/browser.ts'
import { addTenant, type Installation, type Tenant } from '../support/installation.ts'
import { takePage } from './kept-pages.ts'

export type Language = 'ja' | 'en'

export interface ConsolePage {
  page: Page
  /** Of a service of the test's own. */
  tenant: Tenant
  /** Opens a screen of the service, by what follows its address. */
  open(screen: string): Promise<void>
  /** What the browser complained of. */
  complaints: string[]
}

let people = 0

/**
 * A browser page in which a person with these grants is signed in, on a service of their own. Nothing is open in it yet, unless they sign
 * in `byForm`: then it is where that leads to.
 */
export async function openConsole(
  t: { after(end: () => Promise<void>): void },
  installation: Installation,
  newPage: NewPage,
  {
    language = 'ja',
    grants = {},
    byForm = false,
    ...options
  }: { language?: Language; grants?: Grants; byForm?: boolean } & BrowserContextOptions = {},
): Promise<ConsolePage> {
  const tenant = await addTenant(installation)
  people += 1
  const email = `person${people}@example.com`
  const browser = await signedIn(installation, email, { siteId: tenant.service.siteId, ...grants })
  const { page, giveBack } = await takePage(newPage, {
    baseURL: installation.url,
    locale: language === 'ja' ? 'ja-JP' : 'en-GB',
    viewport: { width: 1280, height: 800 },
    // In the two languages a screen is the same but for its texts: in the one its windows open at once, in the other they move.
    reducedMotion: language === 'ja' ? 'reduce' : 'no-preference',
    ...options,
  })
  t.after(giveBack)
  page.setDefaultTimeout(30_000)
  if (byForm) await signInByForm(page, email)
  else
    await page.context().addCookies(browser.cookies.map((cookie) => ({ ...cookie, url: installation.url })))
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const open = async (screen: string) => {
    await page.goto(`/console/services/${tenant.service.id}/${screen}`)
    await page.locator('h1').waitFor()
  }
  return { page, tenant, open, complaints }
}

/**
 * Goes to a screen by its link in the side bar, as somebody does who is in the console already: a tenth of what it takes to load it. The
 * screen is there, with all that it asked the server for.
 */
export async function goByLink(page: Page, href: string): Promise<void> {
  // What is there already does not name itself anew.
  if (new URL(page.url()).pathname.replace(/\/$/, '') === href) return
  const asked = new Set<Request>()
  const ask = (request: Request) => void asked.add(request)
  const answer = (request: Request) => void asked.delete(request)
  page.on('request', ask).on('requestfinished', answer).on('requestfailed', answer)
  try {
    // Each screen names itself when it is there.
    await page.evaluate("document.title = ''")
    await page.locator(`nav a[href="${href}"]`).click()
    await page.waitForURL((url) => url.pathname === href)
    const isThere = async () =>
      (await page.evaluate(PAINTED)) !== '' &&
      asked.size === 0 &&
      (await page.locator('main .mantine-Skeleton-root').count()) === 0
    // What one answer says may be what the next question is about.
    for (let times = 0; times < 2; ) times = (await isThere()) ? times + 1 : 0
  } finally {
    page.off('request', ask).off('requestfinished', answer).off('requestfailed', answer)
  }
}

/** What the page is called once it has painted what it knows. */
const PAINTED =
  'new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen(document.title))))'

async function signInByForm(page: Page, email: string): Promise<void> {
  await page.goto('/console/sign-in')
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.locator('button[type=submit]').click()
  await page.waitForURL(/services/)
}
