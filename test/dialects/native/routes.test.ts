import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import { CONTROL_TOKEN, startNativeApi, VIEWER_KEY } from './native-api.ts'

const SENDERS = '/services/10/senders'
const JSON_TYPE = { 'content-type': 'application/json' }

test('a problem document says what, where and why, and lists every mistake when there are several', async (t) => {
  const { call } = await startNativeApi(t)
  const { status, type, body } = await call('POST', SENDERS, { address: 5, oneClick: 'yes', colour: 'red' })
  assert.deepEqual([status, type], [400, 'application/problem+json; charset=utf-8'])
  const { detail, errors, ...rest } = body
  assert.deepEqual(rest, {
    type: 'urn:kaijo:problem:invalid-value',
    title: 'A value is not valid',
    status: 400,
    code: 'invalid-value',
    field: 'address',
  })
  assert.match(detail, /expected string/)
  assert.deepEqual(
    errors.map(({ code, field }: Record<string, string>) => `${code} ${field}`),
    ['invalid-value address', 'invalid-value oneClick', 'unknown-field colour'],
  )
})

test('a body that cannot be read is refused: broken, empty, none, of another type, too large', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [unknown, Record<string, string>, number, string][] = [
    ['{"address":', JSON_TYPE, 400, 'malformed-body'],
    ['{"__proto__":{"address":"a@example.com"}}', JSON_TYPE, 400, 'malformed-body'],
    ['', JSON_TYPE, 400, 'malformed-body'],
    [undefined, {}, 400, 'invalid-value'],
    ['[]', JSON_TYPE, 400, 'invalid-value'],
    ['address=a@example.com', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'malformed-body'],
    ['{"address":"a@example.com"}', { 'content-type': 'text/plain' }, 415, 'malformed-body'],
    ['"a@example.com"\n', { 'content-type': 'application/x-ndjson' }, 415, 'malformed-body'],
    [{ address: 'x'.repeat(70_000) }, {}, 413, 'too-large'],
  ]
  for (const [payload, headers, status, code] of refused) {
    const answer = await call('POST', SENDERS, payload, headers)
    assert.deepEqual([answer.status, answer.body.code], [status, code], String(payload).slice(0, 50))
  }
  assert.equal((await call('GET', SENDERS)).body.items.length, 1)
})

test('a body that is not UTF-8 is refused, as JSON and as YAML: nothing is mended', async (t) => {
  const { call } = await startNativeApi(t)
  const broken = Buffer.from('{"address":"n\xe9ws@example.com"}', 'latin1')
  const operator = { authorization: `Bearer ${CONTROL_TOKEN}`, 'content-type': 'application/yaml' }
  for (const { status, body } of [
    await call('POST', SENDERS, broken, JSON_TYPE),
    await call('POST', '/provision', Buffer.from('sites: [{ name: n\xe9w }]', 'latin1'), operator),
  ]) {
    assert.deepEqual([status, body.code, body.detail], [400, 'malformed-body', 'the body is not UTF-8'])
  }
  assert.equal((await call('GET', SENDERS)).body.items.length, 1)
})

test('a call that takes no body gets along with an empty one, and refuses fields', async (t) => {
  const { call } = await startNativeApi(t)
  const path = '/services/10/deliveries/1/pause'
  assert.equal((await call('POST', path, '', JSON_TYPE)).body.code, 'unknown-delivery')
  assert.equal((await call('POST', path, '{}', JSON_TYPE)).body.code, 'unknown-delivery')
  assert.equal((await call('DELETE', '/services/10/filters/x', '', JSON_TYPE)).body.code, 'unknown-filter')
  const { status, body } = await call('POST', path, '{"until":"tomorrow"}', JSON_TYPE)
  assert.deepEqual([status, body.code, body.field], [400, 'unknown-field', 'until'])
  assert.equal((await call('POST', path, '{"until":', JSON_TYPE)).body.code, 'malformed-body')
})

test('a parameter that a call does not have is refused, also where it has none at all', async (t) => {
  const { call } = await startNativeApi(t)
  for (const [method, path] of [
    ['GET', SENDERS],
    ['GET', '/services/10/deliveries/1'],
    ['POST', '/services/10/deliveries/1/pause'],
    ['DELETE', '/services/10/filters/x'],
  ] as const) {
    const { status, body } = await call(method, `${path}?colour=red`)
    assert.deepEqual([status, body.code, body.field], [400, 'unknown-field', 'colour'], path)
  }
})

test('a limit is a whole number from 1 to 1000', async (t) => {
  const { call } = await startNativeApi(t)
  for (const limit of ['1', '1000'])
    assert.equal((await call('GET', `${SENDERS}?limit=${limit}`)).status, 200)
  for (const limit of ['', '0', '1001', '-1', '1.5', '1e2', '0x10', '007', 'all', '1&limit=2']) {
    const { status, body } = await call('GET', `${SENDERS}?limit=${limit}`)
    assert.deepEqual([status, body.code, body.field], [400, 'invalid-value', 'limit'], limit)
  }
})

test('a path or method that there is not is answered with a problem document too', async (t) => {
  const { call } = await startNativeApi(t)
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['PATCH', '/services/10/deliveries'],
  ] as const) {
    const { status, type, body } = await call(method, path)
    assert.deepEqual([status, body.code], [404, 'not-found'])
    assert.match(type, /^application\/problem\+json/)
  }
})

test('our own failures keep their cause to themselves', async (t) => {
  const fail = (error: Error) => ({
    change: () => ({
      findService: async () => {
        throw error
      },
    }),
  })
  const { call: whenBroken } = await startNativeApi(t, fail(new TypeError('secret detail')))
  const broken = await whenBroken('GET', SENDERS)
  assert.deepEqual([broken.status, broken.body.code], [500, 'internal'])
  assert.doesNotMatch(broken.text, /secret/)
  const { call: whenAway } = await startNativeApi(t, fail(new DatabaseUnavailable('secret host')))
  const away = await whenAway('GET', SENDERS)
  assert.deepEqual([away.status, away.body.code, away.headers['retry-after']], [503, 'unavailable', '5'])
  assert.doesNotMatch(away.text, /secret/)
})

test('the operator provisions by JSON or YAML, and nobody else does', async (t) => {
  const { call } = await startNativeApi(t)
  const operator = { authorization: `Bearer ${CONTROL_TOKEN}` }
  const json = await call('POST', '/provision', { sites: [{ name: 'new' }] }, operator)
  assert.deepEqual(
    [json.status, json.body],
    [200, { sites: [{ id: 3, name: 'new', apiUsers: [], services: [] }] }],
  )
  const yaml = await call('POST', '/provision', 'sites: [{ name: new }]', {
    ...operator,
    'content-type': 'application/yaml',
  })
  assert.deepEqual(yaml.body, json.body)
  const wrong = await call(
    'POST',
    '/provision',
    { sites: [{ name: 'x', colour: 1 }, { name: '' }] },
    operator,
  )
  assert.deepEqual(
    wrong.body.errors.map(({ code, field }: Record<string, string>) => `${code} ${field}`),
    ['unknown-field sites[0].colour', 'invalid-value sites[1].name'],
  )
  assert.equal((await call('POST', '/provision', { sites: [] })).body.code, 'forbidden')
})

test('the record shows a site its own changes, and the operator all of them', async (t) => {
  const { call } = await startNativeApi(t)
  await call('POST', SENDERS, { address: 'shop@example.com' })
  const own = (await call('GET', '/audit')).body.items
  assert.deepEqual(own[0], {
    ...{ at: '2026-11-21T00:30:00.000Z', actor: 'api:admin', action: 'sender.register', siteId: 1 },
    ...{ subject: 'shop@example.com', detail: { oneClick: true } },
  })
  assert.ok(own.every(({ siteId }: { siteId: number }) => siteId === 1))
  const all = (await call('GET', '/audit', undefined, { authorization: `Bearer ${CONTROL_TOKEN}` })).body
    .items
  assert.ok(all.length > own.length)
  assert.equal(
    (await call('GET', '/audit', undefined, { authorization: `Bearer ${VIEWER_KEY}` })).status,
    403,
  )
})

test('the record is searched by day of a time zone, and streamed as a file that is on record itself', async (t) => {
  const { call } = await startNativeApi(t)
  await call('POST', SENDERS, { address: 'shop@example.com' })
  const query = 'action=sender&subject=SHOP&actor=admin&from=2026-11-21&to=2026-11-21'
  assert.deepEqual(
    (await call('GET', `/audit?${query}&limit=1`)).body.items.map(
      ({ subject }: { subject: string }) => subject,
    ),
    ['shop@example.com'],
  )
  // 09:30 in Tokyo is the day before in Honolulu.
  const elsewhere = await call('GET', `/audit?${query}&timeZone=Pacific/Honolulu`)
  assert.deepEqual(elsewhere.body.items, [])
  const file = await call('GET', `/audit/export?${query}`)
  assert.equal(file.type, 'text/csv; charset=utf-8; header=present')
  assert.equal(
    file.text,
    'at,actor,action,subject,site_id,detail\r\n' +
      '2026-11-21T09:30:00+09:00,api:admin,sender.register,shop@example.com,1,"{""oneClick"":true}"\r\n',
  )
  assert.equal((await call('GET', '/audit?action=export')).body.items[0].action, 'export.audit')
  const wrong = await call('GET', '/audit?from=2026-11-22&to=2026-11-21&timeZone=Mars')
  assert.deepEqual([wrong.status, wrong.body.field], [400, 'timeZone'])
})
