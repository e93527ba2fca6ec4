import assert from 'node:assert/strict'
import { it } from 'node:test'
import { activateDkimKey, checkDkimKeys, type LookUpTxt } from '../../../src/delivery/dkim/dkim-check.ts'
import { createDkimStore } from '../../../src/delivery/dkim/dkim-store.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOON } from '../../support/installation.ts'
import type { Lifetime } from '../../support/temp-dir.ts'

const domain = 'example.com'
const WEEK = 7 * DAY_MS

forEachEngine((engine) => {
  /** A key k1 that signs and k2 that waits, neither in DNS. */
  const start = async (t: Lifetime) => {
    const dkim = createDkimStore(await engine.open(t), new Keyring([{ id: 'a', bytes: Buffer.alloc(32) }]))
    await dkim.create({ domain, selector: 'k1', algorithm: 'ed25519-sha256', now: NOON })
    await dkim.rotate({ domain, selector: 'k2', now: NOON })
    const zone = new Map<string, string[]>()
    const publish = async (...selectors: string[]) => {
      for (const { selector, dnsName, record } of await dkim.list()) {
        if (selectors.includes(selector)) zone.set(dnsName, [record])
      }
    }
    const lookUp: LookUpTxt = async (name) => ({ records: zone.get(name) ?? [] })
    const check = async (now: number, look = lookUp) =>
      (await checkDkimKeys(dkim, look, { now })).map(({ key, dns, ok, activated }) => [
        key.selector,
        dns,
        ok,
        activated,
      ])
    return { dkim, zone, publish, lookUp, check }
  }

  it('a key that waits begins to sign when a check finds its record, and not before', async (t) => {
    const { dkim, publish, check } = await start(t)
    assert.deepEqual(await check(NOON), [
      ['k1', 'missing', false, false],
      ['k2', 'missing', false, false],
    ])
    await publish('k1', 'k2')
    assert.deepEqual(await check(NOON + 1), [
      ['k1', 'published', true, false],
      ['k2', 'published', true, true],
    ])
    const [signer] = await dkim.signingKeys(domain, 1, NOON + 1)
    assert.equal(signer?.selector, 'k2')
    assert.deepEqual((await check(NOON + 2)).flat().slice(4), ['k2', 'published', true, false])
  })

  it('a retired key is wanted in DNS as long as its mail is under way', async (t) => {
    const { zone, publish, check } = await start(t)
    await publish('k2')
    await check(NOON)
    assert.deepEqual((await check(NOON + WEEK - 1))[0], ['k1', 'missing', false, false])
    assert.deepEqual((await check(NOON + WEEK))[0], ['k1', 'missing', true, false])
    zone.clear()
    assert.deepEqual((await check(NOON + WEEK))[1], ['k2', 'missing', false, false])
  })

  it('DNS that cannot be asked changes nothing', async (t) => {
    const { check } = await start(t)
    assert.deepEqual(await check(NOON, async () => ({ unseen: 'ECONNREFUSED' })), [
      ['k1', 'unseen', false, false],
      ['k2', 'unseen', false, false],
    ])
  })

  it('a key is activated when DNS has it, or by force', async (t) => {
    const { dkim, publish, lookUp } = await start(t)
    const k2 = { domain, selector: 'k2', now: NOON + 1 }
    await assert.rejects(activateDkimKey(dkim, lookUp, { ...k2, force: false }), {
      code: 'wrong-state',
      message: 'k2._domainkey.example.com: no record: what it signs cannot be verified',
    })
    await publish('k2')
    assert.equal((await activateDkimKey(dkim, lookUp, { ...k2, force: false })).signsFrom, NOON + 1)
    const k1 = { domain, selector: 'k1', now: NOON + 2, force: true }
    assert.equal((await activateDkimKey(dkim, lookUp, k1)).signsFrom, NOON + 2)
    await assert.rejects(activateDkimKey(dkim, lookUp, { ...k2, selector: 'k3', force: false }), {
      code: 'not-found',
    })
  })
})
