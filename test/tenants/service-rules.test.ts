import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { type Mistakes, mistakesOf, readInput } from '../../src/kernel/mistakes.ts'
import { relayUrl, serviceFields } from '../../src/tenants/service-rules.ts'

const rules = z.strictObject({ ...serviceFields, relay: relayUrl })

function refused(given: object): string[] {
  try {
    readInput(rules.partial(), given)
    return []
  } catch (error) {
    return mistakesOf(error as Mistakes).map(({ field, message }) => `${field}: ${message}`)
  }
}

const setting = (name: string, value: unknown) => refused({ settings: { [name]: value } })

describe('the settings of a service', () => {
  const cases: [name: string, taken: unknown[], wrong: unknown[]][] = [
    ['refuseWhenAllExcluded', [true, false], [1, 'yes', null]],
    ['automaticExclusion', [true, false], [0, 'no', null]],
    ['araraV1Times', ['minutes', 'rfc3339', 'rfc2822'], ['iso8601', '', null]],
    ['mailsPerSecond', [1, 100_000, null], [0, -1, 0.5, 100_001, '1', Number.POSITIVE_INFINITY]],
    ['mailsPerDay', [1, 1_000_000_000, null], [0, 1.5, 1_000_000_001]],
    ['connections', [1, 100], [0, 101, 1.5, null]],
    ['mailDays', [1, 36_500], [0, 36_501, null]],
    ['messageDays', [30, 36_500, null], [29, 30.5, 36_501]],
    ['softBounceThreshold', [1, 99], [0, 100, 2.5, null]],
    ['blankMail', ['verified', 'always', 'confirm', 'off'], ['never', '', null]],
    ['inboundDays', [1, 36_500], [0, null]],
    ['opaqueDays', [1, 36_500, null], [0, 1.5]],
    ['softBounceDays', [1, 36_500], [0, 36_501, null]],
    [
      'cancelMode',
      ['immediate', 'daily 00:00', 'daily 23:59'],
      ['daily', 'daily 24:00', 'daily 3:00', 'daily 03:60', 'DAILY 03:00', 'daily 03:00 ', '', null, 3],
    ],
    ['exportEncryption', ['zipcrypto', 'aes-256'], ['aes', '', null]],
    [
      'domainRates',
      [{}, { '*': 0.5 }, { 'example.com': 0.001, 'a.example.com': 100_000 }],
      [null, [], { 'example.com': 0 }, { 'example.com': 100_000.5 }, { 'example.com': '1' }, { '': 1 }],
    ],
  ]
  for (const [name, taken, wrong] of cases) {
    it(`takes ${name} within its bounds and tells where it is beyond them`, () => {
      for (const value of taken) assert.deepEqual([value, setting(name, value)], [value, []])
      for (const value of wrong) {
        const mistakes = setting(name, value)
        assert.deepEqual([value, mistakes.length], [value, 1])
        assert.ok(mistakes[0]?.startsWith(`settings.${name}`))
      }
    })
  }

  it('names the domains of rates as they are compared, each of them once', () => {
    const given = { 'EXAMPLE.com': 1, '例え.テスト': 2, '*': 3 }
    const { settings } = readInput(rules.partial(), { settings: { domainRates: given } })
    assert.deepEqual(settings?.domainRates, { 'example.com': 1, 'xn--r8jz45g.xn--zckzah': 2, '*': 3 })
    assert.deepEqual(setting('domainRates', { 'example.com': 1, 'Example.com.': 2 }), [
      'settings.domainRates.Example.com.: stands there twice, as example.com',
    ])
    assert.deepEqual(setting('domainRates', { localhost: 1 }), [
      'settings.domainRates.localhost: must be named by a domain, e.g. example.com, or * for every other one',
    ])
  })

  it('takes rates for at most 200 domains', () => {
    const rates = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`d${at}.example`, 1]))
    assert.deepEqual(setting('domainRates', rates(200)), [])
    assert.deepEqual(setting('domainRates', rates(201)), [
      'settings.domainRates: must have at most 200 entries',
    ])
  })

  it('refuses one that does not exist', () => {
    assert.deepEqual(setting('mailPerSecond', 1), [
      'settings.mailPerSecond: there is no field settings.mailPerSecond',
    ])
  })
})

describe('the relay of a service', () => {
  it('is a URL as the configuration takes it', () => {
    for (const relay of ['smtp://user:p%40ss@relay.example:587', 'smtps://[::1]', 'smtp://127.0.0.1:2525/']) {
      assert.deepEqual(refused({ relay }), [])
    }
  })

  it('is refused for everything that is wrong with it, never repeating the password', () => {
    for (const relay of ['', 'relay.example', 'http://u:secret@h', 'smtp://u:secret@h:0/x', 'smtp://u@h']) {
      const mistakes = refused({ relay })
      assert.ok(mistakes.length > 0, relay)
      for (const mistake of mistakes) {
        assert.ok(mistake.startsWith('relay: '))
        assert.ok(!mistake.includes('secret'))
      }
    }
    assert.equal(refused({ relay: 'smtp://u@h:0' }).length, 2)
  })

  it('is not taken as answers show it', () => {
    assert.match(String(refused({ relay: 'smtp://user:***@relay.example' })), /masked password/)
  })
})
