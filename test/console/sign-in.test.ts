import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Request } from 'playwright-core'
import { enterPerson, openBrowser, PASSWORD, setPassword } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { sharedInstallation } from '../support/installation.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { openConsole } from './console.ts'

/** What somebody may have put into a link to the sign-in, to lead a person elsewhere once they gave their password. */
const ELSEWHERE = [
  'https://evil.example/x',
  '//evil.example/x',
  '/\\evil.example/x',
  '/.//evil.example/x',
  '/\t/evil.example/x',
  'javascript:alert(1)',
  '/../api/v1/me',
]

describe('where the console goes after a sign-in', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  const newPage = sharedBrowser()

  const isOurs = (url: string) => url.startsWith(`${installation().url}/`) || url.startsWith('data:')
  /** Everything that a page tells a server: addresses, headers and bodies. */
  const told = async (requests: readonly Request[]) => {
    const parts = requests.map(async (request) => [
      ...[request.url(), request.postData() ?? ''],
      ...Object.values(await request.allHeaders().catch(() => ({}))),
    ])
    return (await Promise.all(parts)).flat().join('\n')
  }

  /** Opens a page of the console in which nobody is signed in, and signs somebody in there; `wanted` is what waits in the tab instead. */
  const signIn = async (
    t: Lifetime,
    email: string,
    { at = '/console/sign-in', locale = 'en-GB', wanted = '' },
  ) => {
    const page = await newPage({ baseURL: installation().url, locale })
    t.after(() => page.context().close())
    page.setDefaultTimeout(30_000)
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    await page.goto(at)
    await page.waitForURL(`${installation().url}/console/sign-in`)
    if (wanted) await page.evaluate(`sessionStorage.setItem('kaijo-next-page', ${JSON.stringify(wanted)})`)
    await page.locator('input[type=email]').fill(email)
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.locator('button[type=submit]').click()
    await page.locator('nav[aria-label]').waitFor({ state: 'attached' })
    return { page, requests }
  }

  it('is its start for whatever is no page of its own', async (t) => {
    const { page: signedIn, tenant } = await openConsole(t, installation(), newPage, { language: 'en' })
    await signedIn.context().close()
    const email = 'led.away@example.com'
    await setPassword(
      installation(),
      await enterPerson(installation(), email, { siteId: tenant.service.siteId }),
    )
    const start = new RegExp(`^${installation().url}/console/(services/${tenant.service.id}/?)?$`)
    for (const wanted of ELSEWHERE) {
      const { page, requests } = await signIn(t, email, { wanted })
      assert.match(page.url(), start, wanted)
      const elsewhere = requests.map((request) => request.url()).filter((url) => !isOurs(url))
      assert.deepEqual(elsewhere, [], wanted)
      await page.context().close()
    }
  })

  for (const locale of ['ja-JP', 'en-GB']) {
    it(`is the page that was wanted, of whose person no server was told meanwhile (${locale})`, async (t) => {
      const { page: signedIn, tenant } = await openConsole(t, installation(), newPage, { language: 'en' })
      await signedIn.context().close()
      const email = `wants.${locale}@example.com`
      await setPassword(
        installation(),
        await enterPerson(installation(), email, { siteId: tenant.service.siteId }),
      )
      const wanted = `/console/services/${tenant.service.id}/address#address=hanako.suzuki%40example.jp`
      const { page, requests } = await signIn(t, email, { at: wanted, locale })
      await page.locator('h1').waitFor()
      assert.equal(page.url(), `${installation().url}${wanted}`)
      // What is known of the person is asked for in bodies, once somebody is signed in.
      const before = requests.filter((request) => !request.url().includes('/api/v1/services/'))
      assert.ok(before.some((request) => request.url().endsWith('/console/auth/sign-in/email')))
      assert.doesNotMatch(await told(before), /hanako/)
      assert.doesNotMatch(requests.map((request) => request.url()).join(), /hanako/)
      assert.equal(await page.evaluate('sessionStorage.length'), 0)
      const filtered = `/console/services/${tenant.service.id}/messages?from=2026-05-01`
      await page.goto(filtered)
      await page.locator('h1').waitFor()
      assert.equal(page.url(), `${installation().url}${filtered}`)
    })
  }

  it('is not left to a stranger by the single sign-on either', async () => {
    for (const callbackURL of ['https://evil.example/x', '//evil.example/x', '/\\evil.example/x']) {
      const answer = await openBrowser(installation()).fetch('/console/auth/sign-in/social', {
        json: { provider: 'sso', callbackURL, disableRedirect: true },
      })
      assert.equal(answer.status, 403, callbackURL)
    }
  })

  it('shows a screen without what an address says of it that is no value', async (t) => {
    const { page, open, complaints } = await openConsole(t, installation(), newPage, { language: 'en' })
    for (const screen of [
      'messages',
      'deliveries',
      'lists/blocklist',
      'inbound',
      'subscribers',
      '../../audit',
    ]) {
      await open(`${screen}?state=zzz&from=bad&to=2026-02-30&outcome=zzz&membership=zzz&list=`)
      await page.getByRole('navigation', { name: 'Menu' }).waitFor({ state: 'attached' })
      await page.locator('h1').waitFor()
      await page.waitForLoadState('networkidle')
      assert.equal(await page.getByRole('alert').count(), 0, screen)
      assert.doesNotMatch(page.url(), /zzz|bad|02-30/, screen)
    }
    assert.deepEqual(complaints, [])
  })
})
