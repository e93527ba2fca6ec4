import assert from 'node:assert/strict'
import { it } from 'node:test'
import { findAudit } from '../../../../src/audit/find-audit.ts'
import { forEachEngine } from '../../../support/engines.ts'
import { sharedInstallation } from '../../../support/installation.ts'
import { codeOf } from './authenticator.ts'
import { type Browser, openBrowser, PASSWORD, signedIn, signIn } from './signed-in.ts'

const WRONG = '000000'

forEachEngine((engine) => {
  const installation = sharedInstallation(engine.name, () => ({ serves: 'http', now: Date.now() }))

  /** Someone who has turned a second factor on; answers what they keep. */
  const withSecondFactor = async (email: string) => {
    const browser = await signedIn(installation(), email)
    const enabled = await browser.fetch('/console/auth/two-factor/enable', { json: { password: PASSWORD } })
    assert.equal(enabled.status, 200)
    const kept = (await enabled.json()) as { totpURI: string; backupCodes: string[] }
    assert.equal((await enter(browser, codeOf(kept.totpURI))).status, 200)
    return kept
  }
  const enter = (browser: Browser, code: string, way: 'totp' | 'backup-code' = 'totp') =>
    browser.fetch(`/console/auth/two-factor/verify-${way}`, { json: { code } })
  const isIn = async (browser: Browser) => (await browser.fetch('/api/v1/me')).status === 200
  const CHANGES = ['password', 'second-factor-on', 'second-factor-off']
  const allRecordsOf = async (email: string) => {
    const { database } = installation().capabilities
    const found = await findAudit(database, { subject: email, action: 'person', limit: 20 })
    return found.map(({ action }) => action.replace('person.', '')).reverse()
  }
  const recordsOf = async (email: string) =>
    (await allRecordsOf(email)).filter((what) => !CHANGES.includes(what))

  it('lets nobody in who knows the password alone, and puts on record whose wrong code it was', async () => {
    const email = 'factor@example.com'
    const { totpURI } = await withSecondFactor(email)
    const browser = openBrowser(installation())
    const first = await signIn(browser, email)
    assert.equal(((await first.json()) as { twoFactorRedirect?: boolean }).twoFactorRedirect, true)
    assert.equal(await isIn(browser), false)
    assert.equal((await enter(browser, WRONG)).status, 401)
    assert.equal(await isIn(browser), false)
    assert.deepEqual(await recordsOf(email), ['sign-in', 'second-factor-refused'])
    assert.equal((await enter(browser, codeOf(totpURI))).status, 200)
    assert.equal(await isIn(browser), true)
    assert.deepEqual(await recordsOf(email), ['sign-in', 'second-factor-refused', 'sign-in'])
    const { database } = installation().capabilities
    const [refused] = await findAudit(database, { action: 'person.second-factor-refused', limit: 1 })
    assert.deepEqual([refused?.actor, refused?.detail], [`person:${email}`, { clientAddress: '127.0.0.1' }])
  })

  it('takes each backup code once, and records those that are none', async () => {
    const email = 'backup@example.com'
    const { backupCodes } = await withSecondFactor(email)
    const [code = ''] = backupCodes
    const tryOnce = async (given: string) => {
      const browser = openBrowser(installation())
      await signIn(browser, email)
      const { status } = await enter(browser, given, 'backup-code')
      return [status === 200, await isIn(browser)]
    }
    assert.deepEqual(await tryOnce('not-a-code'), [false, false])
    assert.deepEqual(await tryOnce(code), [true, true])
    assert.deepEqual(await tryOnce(code), [false, false])
    assert.deepEqual(await recordsOf(email), [
      'sign-in',
      'second-factor-refused',
      'sign-in',
      'second-factor-refused',
    ])
  })

  it('ends a sign-in after five wrong codes, each on record', async () => {
    const email = 'guessed@example.com'
    const { totpURI } = await withSecondFactor(email)
    const browser = openBrowser(installation())
    await signIn(browser, email)
    for (let n = 0; n < 6; n += 1) assert.notEqual((await enter(browser, WRONG)).status, 200)
    assert.notEqual((await enter(browser, codeOf(totpURI))).status, 200)
    assert.equal(await isIn(browser), false)
    const refused = (await recordsOf(email)).filter((action) => action === 'second-factor-refused')
    assert.equal(refused.length, 6)
  })

  it('puts on record that a second factor and a password were changed, and by whom', async () => {
    const email = 'changes@example.com'
    const browser = await signedIn(installation(), email)
    const { totpURI } = (await (
      await browser.fetch('/console/auth/two-factor/enable', { json: { password: PASSWORD } })
    ).json()) as { totpURI: string }
    assert.equal((await enter(browser, codeOf(totpURI))).status, 200)
    const off = await browser.fetch('/console/auth/two-factor/disable', { json: { password: PASSWORD } })
    assert.equal(off.status, 200)
    const change = { currentPassword: PASSWORD, newPassword: `${PASSWORD} anew` }
    assert.equal((await browser.fetch('/console/auth/change-password', { json: change })).status, 200)
    const records = ['sign-in', 'second-factor-on', 'second-factor-off', 'password']
    assert.deepEqual(await allRecordsOf(email), records)
  })

  it('counts wrong passwords of who is signed in as those of a sign-in', async () => {
    const email = 'attended@example.com'
    const browser = await signedIn(installation(), email)
    const guesses = [
      ['change-password', { currentPassword: WRONG, newPassword: `${PASSWORD} anew` }],
      ['two-factor/enable', { password: WRONG }],
      ['two-factor/disable', { password: WRONG }],
    ] as const
    for (const [path, json] of [...guesses, ...guesses.slice(0, 2)]) {
      assert.equal((await browser.fetch(`/console/auth/${path}`, { json })).status, 400)
    }
    const right = { currentPassword: PASSWORD, newPassword: `${PASSWORD} anew` }
    assert.equal((await browser.fetch('/console/auth/change-password', { json: right })).status, 400)
    assert.equal((await browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })).status, 401)
    assert.equal((await signIn(openBrowser(installation()), email)).status, 401)
    installation().time.now += 15 * 60_000 + 1
    assert.equal((await signIn(openBrowser(installation()), email)).status, 200)
  })

  it('records nothing of codes that belong to nobody’s sign-in', async () => {
    const { database } = installation().capabilities
    const count = async () =>
      (await findAudit(database, { action: 'person.second-factor-refused', limit: 100 })).length
    const before = await count()
    const browser = openBrowser(installation())
    assert.notEqual((await enter(browser, WRONG)).status, 200)
    assert.equal(await count(), before)
  })
})
