import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findApiUserByName, findApiUsers } from '../../../src/access/api-user.ts'
import { createPerson, findPeople } from '../../../src/access/people/person.ts'
import { findFilters } from '../../../src/tenants/filter.ts'
import { findSenders } from '../../../src/tenants/sender.ts'
import { findService } from '../../../src/tenants/service.ts'
import { findSites } from '../../../src/tenants/site.ts'
import { forEachEngine } from '../../support/engines.ts'
import { FILE, service, setUp, site } from './provisioning.ts'

forEachEngine((engine) => {
  test('a file says how the public pages of a service look, once', async (t) => {
    const { apply, actions, database, refused } = await setUp(engine, t)
    const page = { name: 'Acme', accent: '#FFCC00', texts: { ja: { footer: '03-0000-0000\r\n' } } }
    await apply(service({ page }))
    assert.deepEqual((await findService(database, 10)).page, {
      ...{ name: 'Acme', accent: '#ffcc00', privacyUrl: null, language: 'en' },
      texts: { ja: { footer: '03-0000-0000' }, en: {} },
    })
    const before = [...actions]
    await apply(service({ page }))
    assert.deepEqual(actions, before)
    await apply(service({ page: { language: 'ja' } }))
    const { name, language } = (await findService(database, 10)).page
    assert.deepEqual([name, language], ['Acme', 'ja'])
    const path = 'sites[0].services[0].page'
    assert.deepEqual(await refused(service({ page: { accent: 'red', privacyUrl: 'http://x.example' } })), [
      `invalid-value ${path}.accent`,
      `invalid-value ${path}.privacyUrl`,
    ])
  })

  test('a file makes everything that it names and answers all ids', async (t) => {
    const { database, apply } = await setUp(engine, t)
    const { sites } = await apply(FILE)
    const [news, shop] = await findSenders(database, 10)
    const [filter] = await findFilters(database, 10)
    const url = (classId: string | undefined) => `https://u.example/${classId}`
    assert.deepEqual(sites, [
      {
        id: 1,
        name: 'acme',
        apiUsers: [{ name: 'api@acme.example', role: 'group-admin' }],
        services: [
          {
            id: 10,
            name: 'news',
            senders: [
              {
                address: 'news@example.com',
                oneClick: true,
                classId: news?.classId,
                baseUrl: url(news?.classId),
              },
              {
                address: 'shop@example.com',
                oneClick: false,
                classId: shop?.classId,
                baseUrl: url(shop?.classId),
              },
            ],
            filters: [{ name: '配信リストA', classId: filter?.classId, baseUrl: url(filter?.classId) }],
            forms: [],
            inbound: { signUp: 'join-10@in.example', complaints: null, unsubscribe: 'unsub@in.example' },
          },
        ],
      },
    ])
    const stored = await findService(database, 10)
    assert.deepEqual(stored.allowedDomains, ['example.com', 'xn--r8jz45g.xn--zckzah'])
    assert.equal(stored.lifetimeDays.sender, 90)
  })

  test('the same file again changes nothing, records nothing and answers the same', async (t) => {
    const { database, apply, actions } = await setUp(engine, t)
    const first = await apply(FILE)
    const before = await findApiUserByName(database, 'api@acme.example')
    assert.deepEqual(actions, [
      'site.create acme',
      'service.create news',
      'sender.register news@example.com',
      'sender.register shop@example.com',
      'filter.create 配信リストA',
      'api-user.create api@acme.example',
    ])
    assert.deepEqual(await apply(FILE), first)
    assert.equal(actions.length, 6)
    assert.deepEqual(await findApiUserByName(database, 'api@acme.example'), before)
  })

  test('what is given is changed in place, what is not in the file is left alone', async (t) => {
    const { database, apply, actions } = await setUp(engine, t)
    const first = await apply(FILE)
    await apply(
      service({
        lifetimeDays: { filter: 30 },
        senders: [{ address: 'SHOP@example.com', oneClick: true }],
        filters: [{ name: '配信リストA', header: 'X-List', pattern: '^a', match: 'regex' }],
      }),
    )
    const stored = await findService(database, 10)
    assert.deepEqual([stored.lifetimeDays.sender, stored.lifetimeDays.filter], [90, 30])
    assert.equal(stored.allowedDomains.length, 2)
    assert.deepEqual(
      (await findSenders(database, 10)).map(({ address, oneClick }) => [address, oneClick]),
      [
        ['news@example.com', true],
        ['shop@example.com', true],
      ],
    )
    const [filter] = await findFilters(database, 10)
    assert.deepEqual(
      [filter?.classId, filter?.header, filter?.match],
      [first.sites[0]?.services[0]?.filters[0]?.classId, 'X-List', 'regex'],
    )
    assert.deepEqual(actions.slice(6), [
      'service.update news',
      'sender.register shop@example.com',
      'filter.update 配信リストA',
    ])
  })

  test('sites and services are found by name, or by id and then renamed with the grants that name them', async (t) => {
    const { database, apply } = await setUp(engine, t)
    await apply(FILE)
    const email = 'hanako@acme.example'
    const grants = { role: 'viewer', permissions: [], siteId: 1, services: ['news'] } as const
    const person = { email, name: 'Hanako', ...grants, permissions: [], services: [...grants.services] }
    await createPerson(database, person, 0)
    await apply({ sites: [{ name: 'acme', services: [{ name: 'news', timeZone: 'Europe/Paris' }] }] })
    assert.equal((await findService(database, 10)).timeZone, 'Europe/Paris')

    await apply({ sites: [{ id: 1, name: 'ACME KK', services: [{ id: 10, name: 'magazine' }] }] })
    assert.deepEqual(await findSites(database), [{ id: 1, name: 'ACME KK' }])
    assert.equal((await findService(database, 10)).name, 'magazine')
    assert.deepEqual((await findApiUsers(database, 1))[0]?.services, ['magazine'])
    assert.deepEqual((await findPeople(database))[0]?.services, ['magazine'])
  })

  test('an API user is granted a renamed service by its new name alone', async (t) => {
    const { database, apply, refused } = await setUp(engine, t)
    await apply(FILE)
    const renamed = (grant: string) =>
      site({
        apiUsers: [{ name: 'api@acme.example', services: [grant] }],
        services: [{ id: 10, name: 'magazine' }],
      })
    assert.deepEqual(await refused(renamed('news')), ['unknown-service sites[0].apiUsers[0].services[0]'])
    assert.equal((await findService(database, 10)).name, 'news')
    await apply(renamed('magazine'))
    assert.deepEqual((await findApiUsers(database, 1))[0]?.services, ['magazine'])
    // The old name is free for another one, whom it then grants.
    await apply(
      site({ apiUsers: [{ name: 'api@acme.example', services: ['news'] }], services: [{ name: 'news' }] }),
    )
  })

  test('an API user gets a time zone of its own, keeps it where a file does not name one, and loses it again', async (t) => {
    const { database, apply, refused } = await setUp(engine, t)
    const user = (change: object) =>
      site({ apiUsers: [{ name: 'api@acme.example', key: 'vendor-key-1', ...change }] })
    const zoneAfter = async (change: object) => {
      await apply(user(change))
      return (await findApiUserByName(database, 'api@acme.example'))?.timeZone
    }
    assert.equal(await zoneAfter({}), null)
    assert.equal(await zoneAfter({ timeZone: 'America/New_York' }), 'America/New_York')
    assert.equal(await zoneAfter({ permissions: ['view'] }), 'America/New_York')
    assert.equal(await zoneAfter({ timeZone: null }), null)
    assert.deepEqual(await refused(user({ timeZone: 'Mars/Olympus' })), [
      'invalid-value sites[0].apiUsers[0].timeZone',
    ])
  })
})
