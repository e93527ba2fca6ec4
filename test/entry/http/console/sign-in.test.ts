import assert from 'node:assert/strict'
import { it } from 'node:test'
import { CLIENT_ADDRESS_HEADER } from '../../../../src/access/people/auth-library.ts'
import { createSignInLock } from '../../../../src/access/people/sign-in-lock.ts'
import { findAudit } from '../../../../src/audit/find-audit.ts'
import { forEachEngine } from '../../../support/engines.ts'
import { sharedInstallation } from '../../../support/installation.ts'
import { enterPerson, openBrowser, PASSWORD, setPassword, signedIn, signIn } from './signed-in.ts'

forEachEngine((engine) => {
  // Sessions live by the machine's clock, as cookies do.
  const installation = sharedInstallation(engine.name, () => ({ serves: 'http', now: Date.now() }))

  it('lets a person in who has set a password by their link, and out again', async () => {
    const browser = await setPassword(installation(), await enterPerson(installation(), 'ada@example.com'))
    assert.equal((await signIn(browser, 'ada@example.com')).status, 200)
    const me = await browser.fetch('/api/v1/me')
    assert.equal(me.status, 200)
    const { person, can } = (await me.json()) as { person: { email: string }; can: string[] }
    assert.equal(person.email, 'ada@example.com')
    assert.deepEqual(can, ['view', 'download', 'send', 'edit'])
    assert.equal((await browser.fetch('/console/auth/sign-out', { json: {} })).status, 200)
    assert.equal((await browser.fetch('/api/v1/me')).status, 401)
  })

  it('takes a link once', async () => {
    const token = await enterPerson(installation(), 'once@example.com')
    const browser = openBrowser(installation())
    const set = () =>
      browser.fetch('/console/auth/reset-password', { json: { token, newPassword: PASSWORD } })
    assert.equal((await set()).status, 200)
    assert.equal((await set()).status, 400)
  })

  it('keeps no session’s token that could be used', async () => {
    const browser = await signedIn(installation(), 'token@example.com')
    const { database } = installation().capabilities
    const rows = await database.read(database.query.selectFrom('person_session').select('token'))
    assert.ok(rows.length > 0)
    for (const { token } of rows) assert.ok(!JSON.stringify(browser.cookies).includes(token))
  })

  it('answers a wrong password as it answers an unknown person', async () => {
    await signedIn(installation(), 'known@example.com')
    const browser = openBrowser(installation())
    const wrong = await signIn(browser, 'known@example.com', 'not the password')
    const unknown = await signIn(browser, 'nobody@example.com')
    assert.equal(wrong.status, 401)
    assert.equal(unknown.status, 401)
    assert.equal(await wrong.text(), await unknown.text())
  })

  it('looks at five passwords of a person, however many are tried at once', async () => {
    await signedIn(installation(), 'guessed@example.com')
    const { database, clock } = installation().capabilities
    const lock = createSignInLock(database, clock)
    const tried = await Promise.all(Array.from({ length: 30 }, () => lock.admits('guessed@example.com')))
    assert.equal(tried.filter(Boolean).length, 5)
  })

  it('locks a person for a while after five wrong passwords in a row', async () => {
    const { time } = installation()
    await signedIn(installation(), 'locked@example.com')
    const browser = openBrowser(installation())
    for (let n = 0; n < 5; n += 1) await signIn(browser, 'locked@example.com', 'not the password')
    assert.equal((await signIn(browser, 'locked@example.com')).status, 401)
    time.now += 15 * 60_000 + 1
    assert.equal((await signIn(browser, 'locked@example.com')).status, 200)
  })

  it('puts on record who signed in and who tried to, of people that there are', async () => {
    const email = 'record@example.com'
    await signIn(await setPassword(installation(), await enterPerson(installation(), email)), email)
    const browser = openBrowser(installation())
    await signIn(browser, email, 'not the password')
    await signIn(browser, 'nobody.there@example.com')
    const { database } = installation().capabilities
    const found = await findAudit(database, { action: 'person', subject: email, limit: 10 })
    assert.deepEqual(
      found.map(({ actor, action, siteId }) => [actor, action, siteId]),
      [
        [`person:${email}`, 'person.refused', null],
        [`person:${email}`, 'person.sign-in', null],
        [`person:${email}`, 'person.password', null],
      ],
    )
    assert.deepEqual(
      found.map(({ detail }) => detail['clientAddress']),
      ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    )
    assert.deepEqual(await findAudit(database, { subject: 'nobody.there', limit: 10 }), [])
  })

  it('keeps the whole address of IPv6 that somebody signed in from', async () => {
    const email = 'six@example.com'
    await setPassword(installation(), await enterPerson(installation(), email))
    const { database, consoleAuth } = installation().capabilities
    const clientAddress = '2001:db8::aa:1'
    const { status } = await consoleAuth.handle(
      new Request(`${installation().url}/console/auth/sign-in/email`, {
        method: 'POST',
        headers: { [CLIENT_ADDRESS_HEADER]: clientAddress, 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      }),
    )
    assert.equal(status, 200)
    const sessions = database.query.selectFrom('person_session').select('ip_address')
    const [session] = await database.read(sessions.where('ip_address', 'like', '2001:%'))
    assert.equal(session?.ip_address, clientAddress)
  })

  it('lets nobody sign up', async () => {
    const browser = openBrowser(installation())
    const json = { email: 'me@example.com', password: PASSWORD, name: 'me' }
    assert.equal((await browser.fetch('/console/auth/sign-up/email', { json })).status, 404)
  })

  it('takes no change by the cookie alone from a page of another origin', async () => {
    const browser = await signedIn(installation(), 'origin@example.com')
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    const refused = await browser.fetch('/api/v1/me/confirm', {
      json: { password: PASSWORD },
      headers: foreign,
    })
    assert.equal(refused.status, 401)
    assert.equal((await browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })).status, 204)
  })

  it('asks for the password again before what is dangerous', async () => {
    const browser = await signedIn(installation(), 'danger@example.com')
    const json = { email: 'new@example.com', name: 'New', role: 'viewer', siteId: null }
    const refused = await browser.fetch('/api/v1/people', { json })
    assert.equal(refused.status, 403)
    assert.equal(((await refused.json()) as { code: string }).code, 'confirmation-needed')
    assert.equal((await browser.fetch('/api/v1/me/confirm', { json: { password: 'wrong' } })).status, 401)
    await browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })
    assert.equal((await browser.fetch('/api/v1/people', { json })).status, 201)
  })

  it('shows where one is signed in, and ends a session from elsewhere', async () => {
    const here = await signedIn(installation(), 'sessions@example.com')
    const there = openBrowser(installation())
    await signIn(there, 'sessions@example.com')
    const listed = (await (await here.fetch('/api/v1/me/sessions')).json()) as {
      items: { id: string; current: boolean; createdAt: string; lastUsedAt: string }[]
    }
    assert.equal(listed.items.length, 2)
    const other = listed.items.find(({ current }) => !current)
    assert.equal((await here.fetch('/api/v1/me/sessions/end', { json: { id: other?.id } })).status, 204)
    assert.equal((await there.fetch('/api/v1/me')).status, 401)
    assert.equal((await here.fetch('/api/v1/me')).status, 200)
  })

  it('notes when each session was last used', async (t) => {
    const { time } = installation()
    const began = time.now
    t.after(() => {
      time.now = began
    })
    const here = await signedIn(installation(), 'used@example.com')
    const there = openBrowser(installation())
    await signIn(there, 'used@example.com')
    const lastUsedElsewhere = async () => {
      const { items } = (await (await here.fetch('/api/v1/me/sessions')).json()) as {
        items: { current: boolean; lastUsedAt: string }[]
      }
      return items.find(({ current }) => !current)?.lastUsedAt
    }
    time.now = Date.now() + 5 * 60_000
    const before = (await lastUsedElsewhere()) ?? ''
    assert.ok(Date.parse(before) < time.now)
    await there.fetch('/api/v1/me')
    // Nobody waits for the note.
    let after = before
    while (after === before) after = (await lastUsedElsewhere()) ?? ''
    assert.equal(after, new Date(time.now).toISOString())
  })
})
