import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { findPeople, updatePerson } from '../../src/access/people/person.ts'
import { findAudit } from '../../src/audit/find-audit.ts'
import { enterPerson } from '../entry/http/console/signed-in.ts'
import { sharedBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { sharedInstallation } from '../support/installation.ts'
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts'
import { barriers } from './accessible.ts'

const WORDS = {
  ja: {
    sso: 'シングルサインオンでサインイン',
    unknown: /利用者として登録されていないか、利用が停止されています/,
    failed: /サインインできませんでした/,
    refused: /キャンセルされました/,
    people: '利用者',
    enter: '利用者を登録',
    again: 'もう一度サインインしてください',
    goOn: '作業を続ける',
    notYet: 'まだサインインしていません。',
    beside: '別のタブでシングルサインオン',
  },
  en: {
    sso: 'Sign in with single sign-on',
    unknown: /unknown here, or is disabled/,
    failed: /did not work/,
    refused: /was called off/,
    people: 'People',
    enter: 'Add a person',
    again: 'Please sign in again',
    goOn: 'Go on',
    notYet: 'You are not signed in yet.',
    beside: 'Sign in with single sign-on in another tab',
  },
} as const

describe('the single sign-on of the console', () => {
  let provider: OpenIdProvider
  const installation = sharedInstallation('sqlite', async (t) => {
    provider = await startOpenIdProvider(t)
    const port = await freePort()
    return {
      serves: 'http',
      now: Date.now(),
      env: {
        KAIJO_HTTP_LISTEN: `127.0.0.1:${port}`,
        KAIJO_CONSOLE_URL: `http://127.0.0.1:${port}`,
        KAIJO_OIDC_ISSUER: provider.issuer,
        KAIJO_OIDC_CLIENT_ID: provider.clientId,
        KAIJO_OIDC_CLIENT_SECRET: provider.clientSecret,
      },
    }
  })
  const newPage = sharedBrowser()
  beforeEach(() => {
    provider.faults = {}
  })

  const openSignIn = async (
    t: { after(end: () => Promise<void>): void },
    language: 'ja' | 'en',
    at = '/console/people',
  ) => {
    const locale = { ja: 'ja-JP', en: 'en-GB' }[language]
    const page = await newPage({ baseURL: installation().url, locale })
    t.after(() => page.context().close())
    page.setDefaultTimeout(30_000)
    await page.goto(at)
    await page.waitForURL(/sign-in/)
    return page
  }
  /** Goes to the provider and comes back. */
  const go = async (page: Page, language: 'ja' | 'en') => {
    await page.getByRole('button', { name: WORDS[language].sso }).click()
    await page.getByRole('link', { name: 'Go on' }).click()
  }
  const sessions = async () => {
    const { database } = installation().capabilities
    return (await database.read(database.query.selectFrom('person_session').select('id'))).length
  }
  const signedInAt = async (email: string) =>
    (await findPeople(installation().capabilities.database)).find((person) => person.email === email)
      ?.signedInAt
  const records = async (subject: string) => {
    const { database } = installation().capabilities
    return (await findAudit(database, { subject, action: 'person', limit: 10 })).map(({ action }) => action)
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`lets a person in who was entered, and back to where they wanted to go (${language})`, async (t) => {
      const email = `sso.${language}@example.com`
      await enterPerson(installation(), email)
      provider.person = { sub: email, email: email.toUpperCase(), name: 'Hanako' }
      const page = await openSignIn(t, language)
      assert.deepEqual(await barriers(page, language), [])
      await go(page, language)
      await page.waitForURL(/\/console\/people$/)
      await page.getByRole('heading', { name: words.people }).waitFor()
      await page.getByRole('cell', { name: email }).first().waitFor()
      assert.deepEqual(await records(email), ['person.sign-in'])
      assert.notEqual(await signedInAt(email), null)
      // The second time the account is known by its subject.
      const again = await openSignIn(t, language, '/console/people?from=shared#address=taro%40example.jp')
      const told: string[] = []
      again.on('request', (request) => told.push(request.url(), request.postData() ?? ''))
      again.on('response', (answer) => told.push(answer.headers()['location'] ?? ''))
      await go(again, language)
      await again.waitForURL(/\/console\/people#address=taro%40example\.jp$/)
      assert.doesNotMatch(told.join('\n'), /taro/, 'whom a page is about is told to no server on the way')
    })

    it(`is gone to beside the page on which a session ended, and what was entered there stays (${language})`, async (t) => {
      const email = `again.${language}@example.com`
      await enterPerson(installation(), email)
      provider.person = { sub: email, email, name: 'Hanako' }
      const page = await openSignIn(t, language)
      await go(page, language)
      await page.getByRole('button', { name: words.enter }).click()
      const entered = page.getByRole('dialog', { name: words.enter }).locator('input[type=email]')
      await entered.fill('new@example.com')
      const { database } = installation().capabilities
      await database.transact([database.query.deleteFrom('person_session')])
      await page.getByRole('dialog', { name: words.enter }).locator('input[maxlength="100"]').fill('New')
      await page.getByRole('dialog', { name: words.enter }).locator('button[type=submit]').click()
      const again = page.getByRole('dialog', { name: words.again })
      await again.getByRole('button', { name: words.goOn }).click()
      await again.getByText(words.notYet).waitFor()
      const [beside] = await Promise.all([
        page.context().waitForEvent('page'),
        again.getByRole('link', { name: words.beside }).click(),
      ])
      await go(beside, language)
      await beside.waitForURL(/\/console(\/?$|\/(?!sign-in))/)
      await again.getByRole('button', { name: words.goOn }).click()
      await again.waitFor({ state: 'detached' })
      assert.equal(await entered.inputValue(), 'new@example.com')
    })

    it(`lets in nobody whom no one entered, and tells them so (${language})`, async (t) => {
      provider.person = { sub: `x ${language}`, email: `unknown.${language}@example.com`, name: 'Nobody' }
      const before = await sessions()
      const page = await openSignIn(t, language)
      await go(page, language)
      await page.getByRole('alert').getByText(words.unknown).waitFor()
      assert.deepEqual(await barriers(page, language), [])
      assert.equal(await sessions(), before)
      const people = await findPeople(installation().capabilities.database)
      assert.ok(!people.some((person) => person.email === provider.person.email))
    })

    it(`lets in nobody who is disabled, and puts that on record (${language})`, async (t) => {
      const email = `disabled.${language}@example.com`
      await enterPerson(installation(), email)
      const { database } = installation().capabilities
      const person = (await findPeople(database)).find((found) => found.email === email)
      await enterPerson(installation(), `stays.${language}@example.com`)
      await updatePerson(database, person?.id ?? '', { disabled: true }, { now: Date.now() })
      provider.person = { sub: email, email, name: 'Gone' }
      const before = await sessions()
      const page = await openSignIn(t, language)
      await go(page, language)
      await page.getByRole('alert').getByText(words.unknown).waitFor()
      assert.equal(await sessions(), before)
      assert.deepEqual(await records(email), ['person.refused'])
    })

    it(`takes no token of another issuer or of another key, and none without the person (${language})`, async (t) => {
      const email = `forged.${language}@example.com`
      await enterPerson(installation(), email)
      provider.person = { sub: email, email, name: 'Forged' }
      const before = await sessions()
      for (const [faults, text] of [
        [{ tokenIssuer: 'https://elsewhere.example' }, words.failed],
        [{ signsByAnotherKey: true }, words.failed],
        [{ refuses: true }, words.refused],
      ] as const) {
        provider.faults = faults
        const page = await openSignIn(t, language)
        await go(page, language)
        await page.getByRole('alert').getByText(text).waitFor()
      }
      assert.equal(await sessions(), before)
      assert.deepEqual(await records(email), [])
    })
  }

  it('takes a code once, and only what a sign-in of its own asked for', async (t) => {
    const email = 'replayed@example.com'
    await enterPerson(installation(), email)
    provider.person = { sub: email, email, name: 'Replayed' }
    const page = await openSignIn(t, 'en')
    await page.getByRole('button', { name: WORDS.en.sso }).click()
    const back = await page.getByRole('link', { name: 'Go on' }).getAttribute('href')
    const elsewhere = await newPage({ baseURL: installation().url, locale: 'en-GB' })
    t.after(() => elsewhere.context().close())
    await elsewhere.goto(back ?? '')
    await elsewhere.getByRole('alert').getByText(WORDS.en.failed).waitFor()
    const url = `${installation().url}/console/auth/sign-in/social`
    const idToken = { provider: 'sso', idToken: { token: 'x.y.z' } }
    const direct = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: installation().url },
      body: JSON.stringify(idToken),
    })
    assert.equal(direct.status, 403)
  })
})

describe('a single sign-on whose provider is another one', () => {
  let provider: OpenIdProvider
  const installation = sharedInstallation('sqlite', async (t) => {
    provider = await startOpenIdProvider(t)
    return {
      serves: 'http',
      now: Date.now(),
      env: {
        KAIJO_OIDC_ISSUER: provider.issuer,
        KAIJO_OIDC_CLIENT_ID: provider.clientId,
        KAIJO_OIDC_CLIENT_SECRET: provider.clientSecret,
      },
    }
  })
  const newPage = sharedBrowser()

  it('is not gone to, until it calls itself as it was configured', async (t) => {
    const page = await newPage({ baseURL: installation().url, locale: 'en-GB' })
    t.after(() => page.context().close())
    provider.faults = { discoveredIssuer: 'https://elsewhere.example' }
    await page.goto('/console/sign-in')
    await page.getByRole('button', { name: WORDS.en.sso }).click()
    await page
      .getByRole('alert')
      .getByText(/cannot be reached, or is set up wrongly/)
      .waitFor()
    provider.faults = {}
    await page.getByRole('button', { name: WORDS.en.sso }).click()
    await page.getByRole('link', { name: 'Go on' }).waitFor()
  })
})
