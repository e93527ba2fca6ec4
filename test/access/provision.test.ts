import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { findApiUserByName, findApiUsers } from '../../src/access/api-user.ts'
import { createPerson, findPeople } from '../../src/access/people/person.ts'
import { type ProvisionParts, provision } from '../../src/access/provision.ts'
import { createRelayUrls } from '../../src/delivery/relay/relay-urls.ts'
import { createExportPasswords } from '../../src/exports/export-passwords.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { type Mistakes, mistakesOf } from '../../src/kernel/mistakes.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { findFilters } from '../../src/tenants/filter.ts'
import { findSenders } from '../../src/tenants/sender.ts'
import { findService, findServices } from '../../src/tenants/service.ts'
import { findSites } from '../../src/tenants/site.ts'
import { forEachEngine, type TestEngine } from '../support/engines.ts'
import type { Lifetime } from '../support/temp-dir.ts'

const FILE = `
sites:
  - id: 1
    name: acme
    apiUsers:
      - { name: api@acme.example, key: "vendor-key-1", role: group-admin, permissions: [view, download], services: [news] }
    services:
      - id: 10
        name: news
        timeZone: Asia/Tokyo
        lifetimeDays: { sender: 90 }
        allowedDomains: [example.com, 例え.テスト]
        senders: [news@example.com, { address: shop@example.com, oneClick: false }]
        filters: [{ name: 配信リストA, header: List-Id, pattern: "<a.example.com>", match: exact }]
`

async function setUp(engine: TestEngine, t: Lifetime) {
  const database = await engine.open(t)
  const keyring = new Keyring([{ id: 'ring', bytes: randomBytes(32) }])
  const actions: string[] = []
  const details: Record<string, unknown>[] = []
  const relays = createRelayUrls(database, keyring)
  const parts: ProvisionParts = {
    database,
    keyring,
    clock: () => 1_000,
    listIds: idSource(database, 'list'),
    apiUserIds: idSource(database, 'api-user'),
    baseUrl: ({ classId }) => `https://u.example/${classId}`,
    inboundAddresses: ({ id }) => ({
      ...{ signUp: `join-${id}@in.example`, complaints: null, unsubscribe: 'unsub@in.example' },
    }),
    setRelay: relays.set,
    setExportPassword: createExportPasswords(database, keyring).set,
    record: async ({ action, subject, detail }) => {
      actions.push(`${action} ${subject}`)
      details.push(detail)
    },
  }
  const refused = async (file: unknown) => {
    const error = await provision(parts, file).then(
      () => assert.fail('was not refused'),
      (reason: Mistakes) => reason,
    )
    return mistakesOf(error).map(({ code, field }) => `${code} ${field}`)
  }
  return {
    database,
    parts,
    relays,
    actions,
    details,
    apply: (file: unknown) => provision(parts, file),
    refused,
  }
}

const site = (change: object) => ({ sites: [{ id: 1, name: 'acme', ...change }] })
const service = (change: object) => site({ services: [{ id: 10, name: 'news', ...change }] })

forEachEngine((engine) => {
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
    assert.deepEqual(details.slice(2), [{ relay: 'smtp://user:***@relay.example:587' }, { relay: null }])
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

  test('a one-click sender cannot be switched off, and nothing else of the file is done', async (t) => {
    const { database, apply, refused } = await setUp(engine, t)
    await apply(FILE)
    const file = service({
      timeZone: 'Europe/Paris',
      senders: ['new@example.com', { address: 'news@example.com', oneClick: false }],
    })
    assert.deepEqual(await refused(file), ['sender-is-permanent sites[0].services[0].senders[1].oneClick'])
    assert.equal((await findService(database, 10)).timeZone, 'Asia/Tokyo')
    assert.equal((await findSenders(database, 10)).length, 2)
  })

  test('every mistake is told at once with its path, and nothing is stored', async (t) => {
    const { database, refused } = await setUp(engine, t)
    const file = {
      sites: [
        {
          id: 0,
          name: 'acme',
          colour: 'red',
          apiUsers: [
            { name: 'a:b', key: 'vendor-key-1' },
            { name: 'api', key: 'short', role: 'admin', permissions: ['fly'] },
          ],
          services: [
            {
              name: 'ne\nws',
              timeZone: 'Asia/Atlantis',
              lifetimeDays: { sender: 0, filter: 1.5, hardBounces: null, spam: 3 },
              allowedDomains: ['not a domain', 'localhost'],
              senders: ['nobody', { address: 'a@example.com', oneclick: false }],
              filters: [
                { name: 'f', header: 'List Id', pattern: '(', match: 'exact' },
                { name: 'g', header: 'List-Id', pattern: '(', match: 'regex' },
              ],
            },
          ],
        },
      ],
    }
    const path = 'sites[0].services[0]'
    assert.deepEqual((await refused(file)).sort(), [
      'invalid-value sites[0].apiUsers[0].name',
      'invalid-value sites[0].apiUsers[1].key',
      'invalid-value sites[0].apiUsers[1].permissions[0]',
      'invalid-value sites[0].apiUsers[1].role',
      'invalid-value sites[0].id',
      `invalid-value ${path}.allowedDomains[0]`,
      `invalid-value ${path}.allowedDomains[1]`,
      `invalid-value ${path}.filters[0].header`,
      `invalid-value ${path}.filters[1].pattern`,
      `invalid-value ${path}.lifetimeDays.filter`,
      `invalid-value ${path}.lifetimeDays.sender`,
      `invalid-value ${path}.name`,
      `invalid-value ${path}.senders[0].address`,
      `invalid-value ${path}.timeZone`,
      'unknown-field sites[0].colour',
      `unknown-field ${path}.lifetimeDays.spam`,
      `unknown-field ${path}.senders[1].oneclick`,
    ])
    assert.deepEqual([await findSites(database), await findServices(database)], [[], []])
  })

  test('what the file names twice, or another site has, is refused', async (t) => {
    const { apply, refused } = await setUp(engine, t)
    await apply(FILE)
    assert.deepEqual(
      await refused({
        sites: [
          { name: 'other', apiUsers: [{ name: 'api@acme.example', key: 'vendor-key-2' }] },
          { name: 'other', services: [{ name: 'news' }, { id: 10, name: 'mine' }] },
          { id: 2, name: 'acme', apiUsers: [{ name: 'new', services: ['nowhere'] }] },
        ],
      }),
      [
        'invalid-value sites[1].name',
        'name-taken sites[0].apiUsers[0].name',
        'name-taken sites[1].services[0].name',
        'invalid-value sites[1].services[1].id',
        'invalid-value sites[2].id',
        'invalid-value sites[2].apiUsers[0].key',
        'unknown-service sites[2].apiUsers[0].services[0]',
      ],
    )
    assert.deepEqual(
      await refused(
        service({
          senders: ['a@example.com', { address: 'A@EXAMPLE.com', oneClick: false }],
          filters: [
            { name: 'f', header: 'A', pattern: 'a' },
            { name: 'f', header: 'B', pattern: 'b' },
          ],
        }),
      ),
      [
        'invalid-value sites[0].services[0].senders[1].address',
        'invalid-value sites[0].services[0].filters[1].name',
      ],
    )
  })
})
