import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findFilters } from '../../../src/tenants/filter.ts'
import { findService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { service, setUp } from './provisioning.ts'

forEachEngine((engine) => {
  test('every setting is taken, and a repeat changes nothing', async (t) => {
    const { database, apply, actions, details } = await setUp(engine, t)
    const settings = {
      otherListsOnPage: true,
      evidenceDays: 400,
      refuseWhenAllExcluded: true,
      mailsPerSecond: 50,
      mailsPerDay: 100_000,
      connections: 20,
      domainRates: { '例え.テスト': 0.5, 'Docomo.ne.jp': 5, '*': 20 },
      mailDays: 3,
      messageDays: null,
      automaticExclusion: false,
      araraV1Times: 'rfc3339' as const,
      softBounceThreshold: 3,
      softBounceDays: 60,
      cancelMode: 'daily 03:00',
      exportEncryption: 'aes-256' as const,
      inboundDays: 60,
      blankMail: 'off' as const,
      opaqueDays: 400,
      confirmationFrom: 'desk@example.com',
      confirmationName: '登録デスク',
      confirmationsPerHour: 10,
      confirmationsPerDay: null,
      feedbackId: 'acme-mail',
    }
    await apply(service({ settings }))
    const stored = {
      ...settings,
      domainRates: { 'xn--r8jz45g.xn--zckzah': 0.5, 'docomo.ne.jp': 5, '*': 20 },
    }
    assert.deepEqual((await findService(database, 10)).settings, stored)
    await apply(service({ settings }))
    await apply(service({ settings: { domainRates: { '*': 20, 'docomo.ne.jp': 5, '例え.テスト': 0.5 } } }))
    assert.deepEqual(actions, ['site.create acme', 'service.create news'])
    assert.deepEqual(details[1], { settings: stored })

    await apply(service({ settings: { domainRates: { '*': 20 } } }))
    assert.deepEqual((await findService(database, 10)).settings, { ...stored, domainRates: { '*': 20 } })
    assert.deepEqual(actions.slice(2), ['service.update news'])
  })

  test("the password of a service's ZIP files is put on record as set or not, and never itself", async (t) => {
    const { apply, actions, details } = await setUp(engine, t)
    for (const exportPassword of ['first-password', 'other-password', 'other-password', null, null]) {
      await apply(service({ exportPassword }))
    }
    assert.deepEqual(actions.slice(2), Array(3).fill('service.export-password news'))
    assert.deepEqual(details.slice(2), [
      { exportPassword: '***', before: { exportPassword: null } },
      { exportPassword: '***', before: { exportPassword: '***' } },
      { exportPassword: null, before: { exportPassword: '***' } },
    ])
  })

  test('a service gets a relay of its own and loses it again, and its password is recorded nowhere', async (t) => {
    const { apply, relays, actions, details, refused } = await setUp(engine, t)
    const relay = 'smtp://user:secret-word@relay.example:587'
    for (const given of [relay, relay, undefined]) {
      await apply(service(given === undefined ? {} : { relay: given }))
      assert.equal(await relays.shown(10), 'smtp://user:***@relay.example:587')
    }
    for (let round = 0; round < 2; round++) {
      await apply(service({ relay: null }))
      assert.equal(await relays.shown(10), null)
    }
    assert.deepEqual(actions.slice(2), ['service.relay news', 'service.relay news'])
    const shown = 'smtp://user:***@relay.example:587'
    assert.deepEqual(details.slice(2), [
      { relay: shown, before: { relay: null } },
      { relay: null, before: { relay: shown } },
    ])
    assert.ok(!JSON.stringify(details).includes('secret-word'))
    const path = 'sites[0].services[0].relay'
    assert.deepEqual(await refused(service({ relay: 'smtp://u:secret-word@relay.example:0/x' })), [
      `invalid-value ${path}`,
      `invalid-value ${path}`,
    ])
  })

  test('filters come to the places that the file gives them, whatever stood there, and stay', async (t) => {
    const { database, apply, actions, refused } = await setUp(engine, t)
    const filter = (name: string, position?: number) => ({ name, header: 'X-List', pattern: name, position })
    const order = async () =>
      (await findFilters(database, 10)).map(({ name, position }) => `${name} ${position}`)
    await apply(service({ filters: [filter('old'), filter('a'), filter('b')] }))
    assert.deepEqual(await order(), ['old 1', 'a 2', 'b 3'])
    const file = service({ filters: [filter('a', 2), filter('b', 1), filter('c'), filter('d', 10)] })
    const { sites } = await apply(file)
    assert.deepEqual(
      sites[0]?.services[0]?.filters.map(({ name }) => name),
      ['a', 'b', 'c', 'd'],
    )
    assert.deepEqual(await order(), ['b 1', 'a 2', 'old 3', 'd 10', 'c 11'])
    const recorded = actions.length
    await apply(file)
    assert.equal(actions.length, recorded)
    assert.deepEqual(await order(), ['b 1', 'a 2', 'old 3', 'd 10', 'c 11'])
    assert.deepEqual(await refused(service({ filters: [filter('a', 2), filter('b', 2)] })), [
      'invalid-value sites[0].services[0].filters[1].position',
    ])
  })

  test('filters are held to the rules that every way of making one holds them to', async (t) => {
    const { database, apply, refused } = await setUp(engine, t)
    const longest = {
      name: '\u{20bb7}'.repeat(50),
      header: 'X'.repeat(100),
      pattern: '\u{20bb7}'.repeat(100),
    }
    await apply(service({ filters: [longest] }))
    const [stored] = await findFilters(database, 10)
    assert.deepEqual([stored?.name, stored?.match], [longest.name, 'exact'])
    const place = 'invalid-value sites[0].services[0].filters[0]'
    for (const field of ['name', 'header', 'pattern'] as const) {
      const tooLong = { ...longest, [field]: `${longest[field]}X` }
      assert.deepEqual(await refused(service({ filters: [tooLong] })), [`${place}.${field}`])
    }
    for (const pattern of [' a', 'a\u3000', '']) {
      assert.deepEqual(await refused(service({ filters: [{ ...longest, pattern }] })), [`${place}.pattern`])
    }
  })
})
