import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { findAudit } from '../../../../src/audit/find-audit.ts'
import { forEachEngine } from '../../../support/engines.ts'
import { sharedInstallation } from '../../../support/installation.ts'
import { type Browser, openBrowser, PASSWORD, signedIn, signIn } from './signed-in.ts'

const WRONG = '000000'

/** RFC 6238, as an authenticator app makes it of what it scanned. */
function codeOf(totpURI: string): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const secret = fromBase32(new URL(totpURI).searchParams.get('secret') ?? '')
  const hash = createHmac('sha1', secret).update(counter).digest()
  const at = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

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
  const recordsOf = async (email: string) => {
    const { database } = installation().capabilities
    const found = await findAudit(database, { subject: email, action: 'person', limit: 20 })
    return found.map(({ action }) => action.replace('person.', '')).reverse()
  }

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
