import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
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

  const signIn = async (t: Lifetime, email: string, next: string) => {
    const page = await newPage({ baseURL: installation().url, locale: 'en-GB' })
    t.after(() => page.context().close())
    page.setDefaultTimeout(30_000)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`/console/sign-in?${new URLSearchParams({ next })}`)
    await page.locator('input[type=email]').fill(email)
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.locator('button[type=submit]').click()
    await page.getByRole('navigation', { name: 'Menu' }).waitFor({ state: 'attached' })
    return { page, asked }
  }

  it('is a page of its own, and its start for whatever else a link asks for', async (t) => {
    const { page: signedIn, tenant } = await openConsole(t, installation(), newPage, { language: 'en' })
    await signedIn.context().close()
    const email = 'led.away@example.com'
    await setPassword(
      installation(),
      await enterPerson(installation(), email, { siteId: tenant.service.siteId }),
    )
    const start = new RegExp(`^${installation().url}/console/(services/${tenant.service.id}/?)?$`)
    for (const next of ELSEWHERE) {
      const { page, asked } = await signIn(t, email, next)
      assert.match(page.url(), start, next)
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(installation().url) && !url.startsWith('data:')),
        [],
        next,
      )
      await page.context().close()
    }
    const inside = `/services/${tenant.service.id}/messages?from=2026-05-01#taro`
    const { page } = await signIn(t, email, inside)
    assert.equal(page.url(), `${installation().url}/console${inside}`)
  })

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
