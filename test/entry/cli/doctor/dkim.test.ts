import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { createDkimStore } from '../../../../src/delivery/dkim/dkim-store.ts'
import { dkimCheck } from '../../../../src/entry/cli/doctor/dkim.ts'
import { DAY_MS } from '../../../../src/kernel/clock.ts'
import { Keyring } from '../../../../src/kernel/keyring.ts'
import { txtStrings } from '../../../../src/mail/dkim-keys.ts'
import { forEachEngine } from '../../../support/engines.ts'
import type { Lifetime } from '../../../support/temp-dir.ts'
import { someResolver } from './some-resolver.ts'

forEachEngine((engine) => {
  describe('DKIM', () => {
    const open = async (t: Lifetime) =>
      createDkimStore(await engine.open(t), new Keyring([{ id: 'a', bytes: Buffer.alloc(32) }]))
    const examine = async (parts: Omit<Parameters<typeof dkimCheck>[0], 'clock'>, now: number) =>
      [await dkimCheck({ ...parts, clock: () => now }).run()].flat()

    it('compares what DNS has with every key that signs', async (t) => {
      const dkim = await open(t)
      const make = async (domain: string) => {
        const [key] = await dkim.create({ domain, selector: 'k1', algorithm: 'rsa-sha256', now: 0 })
        return key ?? assert.fail()
      }
      const [other, right] = [await make('other.example'), await make('right.example')]
      const [revoked, unseen] = [await make('revoked.example'), await make('unseen.example')]
      await make('missing.example')
      const resolver = someResolver({
        [right.dnsName]: [
          txtStrings(right.record.replace('k=rsa; p=', 'p=  ').replace('DKIM1', 'DKIM1; t=s')),
        ],
        [other.dnsName]: [txtStrings(right.record)],
        [revoked.dnsName]: [['v=DKIM1; p=']],
        [unseen.dnsName]: 'ECONNREFUSED',
      })
      const senders = async () => ['a@right.example', 'b@shop.right.example', 'c@badright.example']

      const findings = await examine({ resolver, dkim, senders }, 0)
      assert.deepEqual(
        findings.map(({ name, status, detail }) => [name, status, detail]),
        [
          ['DKIM k1._domainkey.missing.example', 'failed', 'no record: what it signs cannot be verified'],
          ['DKIM k1._domainkey.other.example', 'failed', 'another key is published'],
          ['DKIM k1._domainkey.revoked.example', 'failed', 'the published key is revoked'],
          ['DKIM k1._domainkey.right.example', 'ok', 'published as it is here'],
          ['DKIM k1._domainkey.unseen.example', 'warning', 'DNS cannot be asked from here (ECONNREFUSED)'],
          ['DKIM of badright.example', 'warning', 'no key here signs for it'],
        ],
      )
      assert.ok(findings[1]?.advice?.includes(`at ${other.dnsName}: ${other.record}`))
    })

    it('warns of keys that wait, of records gone too early, of short keys and of what nothing signs', async (t) => {
      const dkim = await open(t)
      const domain = 'example.com'
      const pem = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      })
      const short = await dkim.import({ domain, selector: 'k1', privateKey: pem as string, now: 0 })
      const [next] = await dkim.rotate({ domain, selector: 'k2', now: 0 })
      const parts = { dkim, senders: async () => ['a@example.com'] }
      const statuses = async (zone: Record<string, string[][]>, now: number) =>
        (await examine({ ...parts, resolver: someResolver(zone) }, now)).map(({ status, detail }) => [
          status,
          detail,
        ])
      const zone = { [short.dnsName]: [[short.record]] }
      assert.deepEqual(await statuses(zone, 0), [
        ['warning', 'published as it is here; RSA of 1024 bits'],
        ['warning', 'it waits for its record; no record: what it signs cannot be verified'],
      ])
      const both = { ...zone, [next?.dnsName ?? '']: [[next?.record ?? '']] }
      assert.deepEqual((await statuses(both, 0))[1], [
        'warning',
        'it waits for its record; published as it is here',
      ])
      await dkim.retire({ domain, selector: 'k1', now: 0 })
      assert.deepEqual(
        [(await statuses({}, 1))[0]?.[0], (await statuses({}, 7 * DAY_MS))[0]?.[0]],
        ['warning', 'ok'],
      )
      assert.deepEqual((await statuses(both, 1)).at(-1), ['warning', 'no key here signs for it'])
    })
  })
})
