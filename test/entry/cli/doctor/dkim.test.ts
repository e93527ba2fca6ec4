import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDkimStore } from '../../../../src/delivery/dkim-store.ts'
import { dkimCheck } from '../../../../src/entry/cli/doctor/dkim.ts'
import { Keyring } from '../../../../src/kernel/keyring.ts'
import { txtStrings } from '../../../../src/mail/dkim-keys.ts'
import { forEachEngine } from '../../../support/engines.ts'
import { someResolver } from './some-resolver.ts'

forEachEngine((engine) => {
  describe('DKIM', () => {
    it('compares what DNS has with every key that signs', async (t) => {
      const store = createDkimStore(await engine.open(t), new Keyring([{ id: 'a', bytes: Buffer.alloc(32) }]))
      const make = (domain: string, selector: string) =>
        store.create({ domain, selector, algorithm: 'rsa-sha256', now: 0 })
      const right = await make('example.com', 'right')
      await make('example.com', 'missing')
      const other = await make('example.com', 'other')
      const revoked = await make('example.com', 'revoked')
      const unseen = await make('example.net', 'unseen')
      const resolver = someResolver({
        [right.dnsName]: [
          txtStrings(right.record.replace('k=rsa; p=', 'p=  ').replace('DKIM1', 'DKIM1; t=s')),
        ],
        [other.dnsName]: [txtStrings(right.record)],
        [revoked.dnsName]: [['v=DKIM1; p=']],
        [unseen.dnsName]: 'ECONNREFUSED',
      })
      const senders = async () => ['a@example.com', 'b@shop.example.com', 'c@badexample.com']

      const findings = [await dkimCheck({ resolver, dkim: store, senders }).run()].flat()
      assert.deepEqual(
        findings.map(({ name, status, detail }) => [name, status, detail]),
        [
          ['DKIM missing._domainkey.example.com', 'failed', 'no record: what it signs cannot be verified'],
          ['DKIM other._domainkey.example.com', 'failed', 'another key is published'],
          ['DKIM revoked._domainkey.example.com', 'failed', 'the published key is revoked'],
          ['DKIM right._domainkey.example.com', 'ok', 'published as it is here'],
          ['DKIM unseen._domainkey.example.net', 'warning', 'DNS cannot be asked from here (ECONNREFUSED)'],
          ['DKIM of badexample.com', 'warning', 'no key here signs for it'],
        ],
      )
      assert.ok(findings[1]?.advice?.includes(`at ${other.dnsName}: ${other.record}`))
    })
  })
})
