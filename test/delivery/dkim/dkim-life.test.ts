import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type DkimLife, dkimState, endsNothing, keysThatSign } from '../../../src/delivery/dkim/dkim-life.ts'

const NOW = 1_000
const key = (name: string, change: Partial<DkimLife> = {}) => ({
  name,
  domain: 'example.com',
  algorithm: 'rsa-sha256' as const,
  serviceId: null,
  signsFrom: 500,
  signsUntil: null,
  ...change,
})
type Named = ReturnType<typeof key>

const signers = (keys: Named[], domain = 'example.com', serviceId = 1) =>
  keysThatSign(
    Map.groupBy(keys, (one) => one.domain),
    domain,
    serviceId,
    NOW,
  ).map(({ name }) => name)

describe('the state of a key', () => {
  it('changes at the very moments that are set', () => {
    const states = [499, 500, 899, 900].map((now) => dkimState(key('k', { signsUntil: 900 }), now))
    assert.deepEqual(states, ['scheduled', 'signing', 'signing', 'retired'])
    assert.equal(dkimState(key('k', { signsFrom: null }), NOW), 'waiting')
  })
})

describe('the keys that sign', () => {
  it('are one of each algorithm: of several the one that began last', () => {
    const ed = { algorithm: 'ed25519-sha256' as const }
    assert.deepEqual(
      signers([
        key('first'),
        key('second', { signsFrom: 600 }),
        key('next', { signsFrom: 1_001 }),
        key('waiting', { signsFrom: null }),
        key('ended', { signsFrom: 700, signsUntil: 1_000 }),
        key('ed', ed),
      ]),
      ['second', 'ed'],
    )
  })

  it('sign together when they began together, as keys of the first release do', () => {
    assert.deepEqual(signers([key('a', { signsFrom: 0 }), key('b', { signsFrom: 0 })]), ['a', 'b'])
  })

  it("are the service's own before those of the installation, and never another service's", () => {
    const keys = [key('all'), key('own', { serviceId: 1 }), key('foreign', { serviceId: 2, signsFrom: 900 })]
    assert.deepEqual(signers(keys), ['own'])
    assert.deepEqual(signers(keys, 'example.com', 2), ['foreign'])
    assert.deepEqual(signers(keys, 'example.com', 3), ['all'])
  })

  it('are those of the nearest domain that has any, whosever they are', () => {
    const keys = [key('own', { serviceId: 1 }), key('shop', { domain: 'shop.example.com' })]
    assert.deepEqual(signers(keys, 'shop.example.com'), ['shop'])
    assert.deepEqual(signers(keys, 'deep.shop.example.com'), ['shop'])
    assert.deepEqual(signers(keys, 'news.example.com'), ['own'])
    assert.deepEqual(signers(keys, 'badexample.com'), [])
    assert.deepEqual(
      signers(
        [key('ended', { domain: 'shop.example.com', signsUntil: 900 }), key('above')],
        'shop.example.com',
      ),
      ['above'],
    )
  })
})

describe('a new key may begin at once', () => {
  const fresh = (change: Partial<DkimLife> = {}) => key('fresh', { signsFrom: null, ...change })
  const cases: [what: string, keys: Named[], fresh: Named, expected: boolean][] = [
    ['where there is none', [], fresh(), true],
    ['not where one of its kind signs', [key('k')], fresh(), false],
    ['where the one of its kind is retired', [key('k', { signsUntil: 900 })], fresh(), true],
    ['beside one of another algorithm', [key('k')], fresh({ algorithm: 'ed25519-sha256' }), true],
    ['not below a domain that signs for it', [key('k')], fresh({ domain: 'a.example.com' }), false],
    ['above a domain that has its own', [key('k', { domain: 'a.example.com' })], fresh(), true],
    ["not as a service's own where the installation signs", [key('k')], fresh({ serviceId: 1 }), false],
    ['for all, beside what one service has', [key('k', { serviceId: 1 })], fresh(), true],
    [
      'not for all below what one service has above',
      [key('k', { serviceId: 1 })],
      fresh({ domain: 'a.example.com' }),
      false,
    ],
  ]
  for (const [what, keys, one, expected] of cases) {
    it(what, () => assert.equal(endsNothing(keys, one, NOW), expected))
  }
})
