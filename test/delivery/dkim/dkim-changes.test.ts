import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { dkimState, removableFrom } from '../../../src/delivery/dkim/dkim-life.ts'
import { createDkimStore, type DkimStore } from '../../../src/delivery/dkim/dkim-store.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { DomainErrorCode } from '../../../src/kernel/domain-error.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { dkimRecord } from '../../../src/mail/dkim-keys.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOON } from '../../support/installation.ts'
import type { Lifetime } from '../../support/temp-dir.ts'

const ED = 'ed25519-sha256'
const SERVICE = 7
const domain = 'example.com'
const HOUR = DAY_MS / 24

forEachEngine((engine) => {
  const keyring = new Keyring([{ id: 'a', bytes: Buffer.alloc(32) }])
  const open = async (t: Lifetime) => createDkimStore(await engine.open(t), keyring)
  const signers = async (dkim: DkimStore, now: number, from = domain, service = SERVICE) =>
    (await dkim.signingKeys(from, service, now)).map(({ selector }) => selector)
  const states = async (dkim: DkimStore, now: number) =>
    Object.fromEntries((await dkim.list()).map((key) => [key.selector, dkimState(key, now)]))
  const make = (dkim: DkimStore, selector: string, now = NOON) =>
    dkim.create({ domain, selector, algorithm: ED, now })

  describe('a new key', () => {
    it('signs at once where nothing else does, also as both kinds with a selector each', async (t) => {
      const dkim = await open(t)
      const keys = await dkim.create({ domain, selector: 'k1', algorithm: 'both', now: NOON })
      assert.deepEqual(
        keys.map(({ selector, algorithm, bits, signsFrom }) => [selector, algorithm, bits, signsFrom]),
        [
          ['k1-rsa', 'rsa-sha256', 2048, NOON],
          ['k1-ed25519', ED, null, NOON],
        ],
      )
      assert.deepEqual(await signers(dkim, NOON), ['k1-ed25519', 'k1-rsa'])
      assert.deepEqual(await dkim.list(), [...keys].reverse())
    })

    it('waits where another signs, so that no mail goes out with a key that DNS lacks', async (t) => {
      const dkim = await open(t)
      await make(dkim, 'k1')
      const [below] = await dkim.create({ domain: 'a.example.com', selector: 'k1', algorithm: ED, now: NOON })
      const [own] = await dkim.create({
        domain,
        selector: 'own',
        algorithm: ED,
        serviceId: SERVICE,
        now: NOON,
      })
      const [second] = await make(dkim, 'k2')
      for (const key of [below, own, second]) assert.equal(key?.signsFrom, null)
      assert.deepEqual(await signers(dkim, NOON, 'a.example.com'), ['k1'])

      await refused(make(dkim, 'k3'), 'wrong-state')
      await dkim.activate({ domain, selector: 'own', now: NOON })
      assert.deepEqual(await signers(dkim, NOON), ['own'])
      assert.deepEqual(await signers(dkim, NOON, domain, SERVICE + 1), ['k1'])
    })

    it('is refused whole when one of its selectors is taken', async (t) => {
      const dkim = await open(t)
      await make(dkim, 'k1-ed25519')
      const both = { domain, selector: 'k1', algorithm: 'both', now: NOON } as const
      await refused(dkim.create(both), 'name-taken')
      assert.deepEqual(await states(dkim, NOON), { 'k1-ed25519': 'signing' })
    })
  })

  describe('an imported key', () => {
    it('signs with the private key that was given, and has its record', async (t) => {
      const dkim = await open(t)
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
      const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string
      const key = await dkim.import({ domain, selector: 'mar2005.reykjavik', privateKey: pem, now: NOON })
      assert.deepEqual([key.bits, key.record, key.signsFrom], [1024, dkimRecord(publicKey), NOON])
      const [signer] = await dkim.signingKeys(domain, SERVICE, NOON)
      assert.ok(signer?.privateKey.equals(privateKey))
      assert.doesNotMatch(JSON.stringify(await dkim.list()), /PRIVATE/)
    })
  })

  describe('rotation', () => {
    it('waits for its activation; then the old key stops, and can go 7 days later', async (t) => {
      const dkim = await open(t)
      await make(dkim, 'k1')
      const [next] = await dkim.rotate({ domain, selector: 'k2', now: NOON })
      assert.deepEqual([next?.algorithm, next?.signsFrom], [ED, null])
      assert.deepEqual(await states(dkim, NOON + DAY_MS), { k1: 'signing', k2: 'waiting' })

      const later = NOON + DAY_MS
      await dkim.activate({ domain, selector: 'k2', now: later })
      assert.deepEqual(await states(dkim, later), { k1: 'retired', k2: 'signing' })
      assert.deepEqual(await signers(dkim, later), ['k2'])
      const [old] = await dkim.list()
      assert.equal(old && removableFrom(old), later + 7 * DAY_MS)
      const k1 = { domain, selector: 'k1' }
      await refused(dkim.remove({ ...k1, now: later + 7 * DAY_MS - 1 }), 'wrong-state')
      await dkim.remove({ ...k1, now: later + 7 * DAY_MS })
      assert.deepEqual(await states(dkim, later), { k2: 'signing' })
    })

    it('takes over at a given time, without a moment of neither or both', async (t) => {
      const dkim = await open(t)
      await make(dkim, 'k1')
      const at = NOON + HOUR
      await dkim.rotate({ domain, selector: 'k2', at, now: NOON })
      assert.deepEqual(await signers(dkim, at - 1), ['k1'])
      assert.deepEqual(await signers(dkim, at), ['k2'])
      assert.deepEqual(await states(dkim, at), { k1: 'retired', k2: 'signing' })
      await refused(dkim.rotate({ domain, selector: 'k3', at: NOON, now: NOON }), 'invalid-value')
    })

    it('that is called off leaves the old key signing', async (t) => {
      const dkim = await open(t)
      await make(dkim, 'k1')
      await dkim.rotate({ domain, selector: 'k2', at: NOON + HOUR, now: NOON })
      await refused(dkim.rotate({ domain, selector: 'k3', now: NOON }), 'wrong-state')
      await dkim.remove({ domain, selector: 'k2', now: NOON })
      assert.deepEqual(await signers(dkim, NOON + DAY_MS), ['k1'])
    })

    it('that was a mistake is undone by activating the old key', async (t) => {
      const dkim = await open(t)
      await make(dkim, 'k1')
      await dkim.rotate({ domain, selector: 'k2', at: NOON + HOUR, now: NOON })
      await dkim.activate({ domain, selector: 'k1', now: NOON + DAY_MS })
      assert.deepEqual(await states(dkim, NOON + DAY_MS), { k1: 'signing', k2: 'retired' })

      await dkim.rotate({ domain, selector: 'k3', at: NOON + 3 * DAY_MS, now: NOON + DAY_MS })
      await dkim.activate({ domain, selector: 'k2', now: NOON + 2 * DAY_MS })
      assert.deepEqual(await signers(dkim, NOON + 2 * DAY_MS), ['k2'])
      assert.deepEqual(await states(dkim, NOON + 3 * DAY_MS), { k1: 'retired', k2: 'retired', k3: 'signing' })
    })

    it('concerns one algorithm, or both, of the installation or of one service', async (t) => {
      const dkim = await open(t)
      await refused(dkim.rotate({ domain, selector: 'k0', now: NOON }), 'wrong-state')
      await dkim.create({ domain, selector: 'k1', algorithm: 'both', now: NOON })
      await refused(dkim.rotate({ domain, selector: 'k2', now: NOON }), 'invalid-value')
      await refused(dkim.rotate({ domain, selector: 'k2', serviceId: SERVICE, now: NOON }), 'wrong-state')
      await dkim.rotate({ domain, selector: 'k2', algorithm: 'both', now: NOON })
      await dkim.activate({ domain, selector: 'k2-rsa', now: NOON + 1 })
      assert.deepEqual(await signers(dkim, NOON + 1), ['k1-ed25519', 'k2-rsa'])
    })
  })

  it('a retired key signs no more, though nothing takes its place', async (t) => {
    const dkim = await open(t)
    await make(dkim, 'k1')
    await refused(dkim.remove({ domain, selector: 'k1', now: NOON }), 'wrong-state')
    await dkim.rotate({ domain, selector: 'k2', now: NOON })
    await refused(dkim.retire({ domain, selector: 'k2', now: NOON }), 'wrong-state')
    const retired = await dkim.retire({ domain, selector: 'k1', now: NOON })
    assert.deepEqual(await dkim.retire({ domain, selector: 'k1', now: NOON + 1 }), retired)
    assert.deepEqual(await signers(dkim, NOON), [])
    await dkim.remove({ domain, selector: 'k1', force: true, now: NOON })
    assert.deepEqual(await states(dkim, NOON), { k2: 'waiting' })
  })

  it('a key that is not there is told', async (t) => {
    const dkim = await open(t)
    const named = { domain, selector: 'k1', now: NOON }
    for (const change of ['activate', 'retire', 'remove'] as const) {
      await refused(dkim[change](named), 'not-found')
    }
  })
})

async function refused(work: Promise<unknown>, code: DomainErrorCode): Promise<void> {
  await assert.rejects(work, { name: 'DomainError', code })
}
