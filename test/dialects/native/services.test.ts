import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONTROL_TOKEN, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

const SETTINGS = {
  otherListsOnPage: false,
  evidenceDays: null,
  refuseWhenAllExcluded: false,
  automaticExclusion: true,
  araraV1Times: 'minutes',
  mailsPerSecond: null,
  mailsPerDay: null,
  connections: 20,
  domainRates: {},
  mailDays: 14,
  messageDays: 90,
  softBounceThreshold: 5,
  softBounceDays: 30,
  cancelMode: 'immediate',
  exportEncryption: 'zipcrypto',
  inboundDays: 30,
  opaqueDays: 1_095,
  blankMail: 'verified',
  confirmationFrom: null,
  confirmationName: null,
  confirmationsPerHour: 100,
  confirmationsPerDay: 1_000,
  feedbackId: 'kaijo',
}

const NEWS = {
  id: 10,
  name: 'news',
  timeZone: 'Asia/Tokyo',
  allowedDomains: ['example.com'],
  lifetimeDays: { sender: 90, filter: null, hardBounces: null, complaints: null, blocklist: null },
  settings: SETTINGS,
  relay: null,
  hasExportPassword: false,
  page: { name: null, accent: null, privacyUrl: null, language: 'en', texts: { ja: {}, en: {} } },
  logo: null,
}

/** What a service is, besides the name of what it is like. */
const withoutRevision = ({ revision: _, ...service }: Record<string, unknown>) => service

test('services are listed to whoever may use them, a page at a time', async (t) => {
  const { call } = await startNativeApi(t)
  const namesFor = async (headers: Record<string, string>, query = '') =>
    (await call('GET', `/services${query}`, undefined, headers)).body
  assert.deepEqual(await namesFor({}), {
    items: [
      { id: 10, name: 'news' },
      { id: 11, name: 'shop' },
    ],
    next: null,
  })
  assert.deepEqual((await namesFor(bearer(VIEWER_KEY))).items, [{ id: 10, name: 'news' }])
  assert.deepEqual((await namesFor(bearer(STRANGER_KEY))).items, [{ id: 20, name: 'foreign' }])
  assert.equal((await namesFor(bearer(CONTROL_TOKEN))).items.length, 3)
  const { next } = await namesFor({}, '?limit=1')
  assert.deepEqual(await namesFor({}, `?cursor=${next}`), { items: [{ id: 11, name: 'shop' }], next: null })
  assert.equal((await call('GET', '/services', undefined, { authorization: '' })).status, 401)
})

test('a service is shown with its settings to those who may view it', async (t) => {
  const { call } = await startNativeApi(t)
  const shown = await call('GET', '/services/10', undefined, bearer(VIEWER_KEY))
  assert.deepEqual(withoutRevision(shown.body), NEWS)
  assert.equal((await call('GET', '/services/11', undefined, bearer(VIEWER_KEY))).status, 403)
  assert.equal((await call('GET', '/services/20')).body.code, 'unknown-service')
})

test('what is given of a service is changed and recorded, and the rest stays', async (t) => {
  const { call } = await startNativeApi(t)
  const change = {
    timeZone: 'Europe/Vienna',
    allowedDomains: ['Shop.example', '例え.テスト'],
    lifetimeDays: { complaints: 30 },
    settings: { mailsPerSecond: 50, domainRates: { 'Docomo.ne.jp': 0.5, '*': 20 } },
    relay: 'smtp://user:secret-word@relay.example:587',
  }
  const changed = await call('PATCH', '/services/10', change)
  const expected = {
    ...NEWS,
    timeZone: 'Europe/Vienna',
    allowedDomains: ['shop.example', 'xn--r8jz45g.xn--zckzah'],
    lifetimeDays: { ...NEWS.lifetimeDays, complaints: 30 },
    settings: { ...SETTINGS, mailsPerSecond: 50, domainRates: { 'docomo.ne.jp': 0.5, '*': 20 } },
    relay: 'smtp://user:***@relay.example:587',
  }
  assert.deepEqual([changed.status, withoutRevision(changed.body)], [200, expected])
  assert.deepEqual((await call('GET', '/services/10')).body, changed.body)

  const { text, body } = await call('GET', '/audit')
  assert.ok(!text.includes('secret-word'))
  const [{ action, actor, subject, detail }] = body.items
  assert.deepEqual([action, actor, subject], ['service.update', 'api:admin', 'news'])
  assert.deepEqual([detail.timeZone, detail.relay], ['Europe/Vienna', expected.relay])
  assert.deepEqual(detail.before, {
    timeZone: 'Asia/Tokyo',
    allowedDomains: ['example.com'],
    lifetimeDays: { complaints: null },
    settings: { mailsPerSecond: null, domainRates: {} },
    relay: null,
  })

  // As it was shown, and as it was told.
  assert.equal((await call('PATCH', '/services/10', { relay: expected.relay })).body.field, 'relay')
  const without = await call('PATCH', '/services/10', { relay: null, settings: { domainRates: {} } })
  assert.deepEqual(withoutRevision(without.body), {
    ...expected,
    relay: null,
    settings: { ...SETTINGS, mailsPerSecond: 50 },
  })
  assert.deepEqual((await call('PATCH', '/services/10', {})).body, without.body)
})

test('a service is changed by group admins alone', async (t) => {
  const { call, parts } = await startNativeApi(t)
  const editor = {
    name: 'editor',
    key: 'key-of-the-editor',
    permissions: ['edit', 'view', 'send', 'download'],
  }
  const partial = { name: 'partial', key: 'key-of-the-partial', role: 'group-admin', services: ['shop'] }
  await parts.provision({ sites: [{ id: 1, name: 'acme', apiUsers: [editor, partial] }] })
  for (const [key, path, status] of [
    [editor.key, '/services/10', 403],
    [VIEWER_KEY, '/services/10', 403],
    [partial.key, '/services/10', 403],
    [STRANGER_KEY, '/services/10', 404],
    [partial.key, '/services/11', 200],
    [CONTROL_TOKEN, '/services/10', 200],
  ] as const) {
    const answer = await call('PATCH', path, { settings: { mailDays: 3 } }, bearer(key))
    assert.equal(answer.status, status, `${key} ${path}`)
  }
})

test('every mistake in a change is told at once, and nothing is changed', async (t) => {
  const { call } = await startNativeApi(t)
  const { status, body } = await call('PATCH', '/services/10', {
    name: 'other',
    timeZone: 'Asia/Atlantis',
    allowedDomains: ['localhost'],
    lifetimeDays: { sender: 0 },
    settings: { connections: 0, messageDays: 29, domainRates: { 'example.com': 0 }, colour: 'red' },
    relay: 'smtp://user:secret-word@relay.example:0',
  })
  assert.equal(status, 400)
  assert.deepEqual(body.errors.map(({ field }: { field: string }) => field).sort(), [
    'allowedDomains[0]',
    'lifetimeDays.sender',
    'name',
    'relay',
    'settings.colour',
    'settings.connections',
    'settings.domainRates.example.com',
    'settings.messageDays',
    'timeZone',
  ])
  assert.ok(!JSON.stringify(body).includes('secret-word'))
  assert.deepEqual(withoutRevision((await call('GET', '/services/10')).body), NEWS)
})

test('the settings are described, with their bounds', async (t) => {
  const { call } = await startNativeApi(t)
  const { body } = await call('GET', '/openapi.json')
  const { patch } = body.paths['/api/v1/services/{service}']
  const { settings, relay } = patch.requestBody.content['application/json'].schema.properties
  assert.deepEqual(
    [settings.properties.connections.minimum, settings.properties.connections.maximum],
    [1, 100],
  )
  assert.equal(settings.properties.domainRates.additionalProperties.maximum, 100_000)
  assert.ok(JSON.stringify(relay).includes('smtps://'))
  const filters = body.paths['/api/v1/services/{service}/filters'].post
  const { name } = filters.requestBody.content['application/json'].schema.properties
  assert.deepEqual([name.minLength, name.maxLength], [1, 50])
})

test('a change that names what it was made to is refused once somebody else has changed it', async (t) => {
  const { call } = await startNativeApi(t)
  const seen = (await call('GET', '/services/10')).body.revision
  const first = await call('PATCH', '/services/10', { revision: seen, timeZone: 'UTC' })
  assert.equal(first.status, 200)
  assert.notEqual(first.body.revision, seen)

  const late = { revision: seen, settings: { mailDays: 3 }, exportPassword: 'of-its-zip-files' }
  const refused = await call('PATCH', '/services/10', late)
  assert.deepEqual(
    [refused.status, refused.body.code, refused.body.field],
    [409, 'changed-meanwhile', 'revision'],
  )
  const after = (await call('GET', '/services/10')).body
  assert.deepEqual([after.settings.mailDays, after.hasExportPassword], [14, false])

  const again = await call('PATCH', '/services/10', { ...late, revision: after.revision })
  assert.deepEqual([again.status, again.body.timeZone, again.body.settings.mailDays], [200, 'UTC', 3])
  // Who names none changes whatever there is.
  assert.equal((await call('PATCH', '/services/10', { timeZone: 'Asia/Tokyo' })).status, 200)
})

test('of two changes to the same thing at once, one is refused', async (t) => {
  const { call } = await startNativeApi(t)
  const { revision } = (await call('GET', '/services/10')).body
  const changes = [1, 2, 3, 4].map((mailDays) =>
    call('PATCH', '/services/10', { revision, settings: { mailDays } }),
  )
  const statuses = (await Promise.all(changes)).map(({ status }) => status)
  assert.deepEqual(statuses.toSorted(), [200, 409, 409, 409])
})
