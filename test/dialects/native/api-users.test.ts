import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAudit } from '../../../src/audit/find-audit.ts'
import { forEachEngine } from '../../support/engines.ts'
import { CONTROL_TOKEN, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const HOUR_MS = 3_600_000

const MAILER = {
  siteId: 1,
  name: 'mailer@acme.example',
  permissions: ['send', 'view'],
  services: ['news'],
} as const

forEachEngine((engine) => {
  test('an API user is created with a key that is told once, works, and gets into no list and no record', async (t) => {
    const { call, database } = await startNativeApi(t, { engine })
    const { status, body } = await call('POST', '/api-users', MAILER)
    assert.equal(status, 201)
    assert.match(body.key, /^[\w-]{32}$/)
    assert.deepEqual(body.apiUser, {
      ...MAILER,
      id: body.apiUser.id,
      revision: body.apiUser.revision,
      role: 'user',
      timeZone: null,
      createdAt: '2026-11-21T00:30:00.000Z',
      lastUsedAt: null,
      previousKey: null,
    })
    const path = '/services/10/senders'
    assert.equal((await call('GET', path, undefined, bearer(body.key))).status, 200)
    assert.equal((await call('POST', path, { address: 'a@example.com' }, bearer(body.key))).status, 403)
    const listed = await call('GET', '/api-users')
    assert.ok(listed.body.items.some(({ name }: { name: string }) => name === MAILER.name))
    const audit = await findAudit(database, { action: 'api-user', limit: 100 })
    assert.ok(audit.some(({ action, subject }) => action === 'api-user.create' && subject === MAILER.name))
    assert.ok(!`${listed.text}${JSON.stringify(audit)}`.includes(body.key))
  })

  test('a key that clients have already is taken, and not told again', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const { body } = await call('POST', '/api-users', { ...MAILER, key: 'vendor-key-1' })
    assert.equal(body.key, null)
    assert.equal((await call('GET', '/services/10', undefined, bearer('vendor-key-1'))).status, 200)
    const short = await call('POST', '/api-users', { ...MAILER, name: 'b', key: '1234567' })
    assert.deepEqual([short.status, short.body.field], [400, 'key'])
  })

  test('a key is replaced without a gap, and the one before is ended early', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const { key: first, apiUser } = (await call('POST', '/api-users', MAILER)).body
    const signsIn = async (key: string) =>
      (await call('GET', '/services/10', undefined, bearer(key))).status === 200
    const rotated = await call('POST', `/api-users/${apiUser.id}/rotate`, { overlapHours: 24 })
    const second = rotated.body.key
    assert.notEqual(second, first)
    const until = new Date(time.now + 24 * HOUR_MS).toISOString()
    assert.deepEqual(rotated.body.apiUser.previousKey, { until, lastUsedAt: null })
    assert.deepEqual([await signsIn(first), await signsIn(second)], [true, true])
    const ended = await call('POST', `/api-users/${apiUser.id}/end-previous-key`)
    assert.deepEqual([ended.status, ended.body.previousKey], [200, null])
    assert.deepEqual([await signsIn(first), await signsIn(second)], [false, true])
    const third = (await call('POST', `/api-users/${apiUser.id}/rotate`, {})).body.key
    assert.deepEqual([await signsIn(second), await signsIn(third)], [false, true])
    const long = await call('POST', `/api-users/${apiUser.id}/rotate`, { overlapHours: 721 })
    assert.deepEqual([long.status, long.body.field], [400, 'overlapHours'])
    assert.equal(await signsIn(third), true)
  })

  test('rights are changed at once, and who is revoked is let in no more', async (t) => {
    const { call, database } = await startNativeApi(t, { engine })
    const { key, apiUser } = (await call('POST', '/api-users', MAILER)).body
    const path = `/api-users/${apiUser.id}`
    const changed = await call('PATCH', path, { permissions: ['view'], timeZone: 'Europe/Berlin' })
    assert.deepEqual(
      [changed.body.permissions, changed.body.services, changed.body.timeZone],
      [['view'], ['news'], 'Europe/Berlin'],
    )
    const headers = bearer(key)
    assert.equal((await call('GET', '/services/10', undefined, headers)).status, 200)
    assert.equal((await call('POST', '/services/10/headers', undefined, headers)).status, 403)
    assert.equal((await call('DELETE', path)).status, 204)
    assert.equal((await call('GET', '/services/10', undefined, headers)).status, 401)
    assert.equal((await call('DELETE', path)).status, 404)
    const audit = await findAudit(database, { subject: MAILER.name, limit: 100 })
    assert.deepEqual(
      audit.map(({ action }) => action),
      ['api-user.revoke', 'api-user.update', 'api-user.create'],
    )
  })

  test('of two who change rights at once the second is told, unless neither minds', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const { apiUser } = (await call('POST', '/api-users', MAILER)).body
    const path = `/api-users/${apiUser.id}`
    const { revision } = apiUser
    const first = await call('PATCH', path, { permissions: ['view'], revision })
    assert.equal(first.status, 200)
    const second = await call('PATCH', path, { services: [], revision })
    assert.deepEqual(
      [second.status, second.body.code, second.body.field],
      [409, 'changed-meanwhile', 'revision'],
    )
    const shown = (await call('GET', path)).body
    assert.deepEqual([shown.permissions, shown.services], [['view'], ['news']])
    assert.equal((await call('PATCH', path, { services: [], revision: shown.revision })).status, 200)
    const both = await call('PATCH', path, { timeZone: 'Europe/Berlin' })
    assert.deepEqual([both.body.services, both.body.timeZone], [[], 'Europe/Berlin'])
  })

  test('is of the only site that its maker administers, also where another site has no API users yet', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const { siteId: _, ...request } = MAILER
    const own = await call('POST', '/api-users', request)
    assert.deepEqual([own.status, own.body.apiUser?.siteId], [201, 1])
    const unclear = await call('POST', '/api-users', { ...request, name: 'x' }, bearer(CONTROL_TOKEN))
    assert.deepEqual(
      [unclear.status, unclear.body.code, unclear.body.field],
      [400, 'invalid-value', 'siteId'],
    )
  })

  test('nobody gives rights on a site that they do not administer, or over services that it lacks', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const refusalOf = async (request: object, headers = {}) => {
      const { status, body } = await call('POST', '/api-users', { ...MAILER, ...request }, headers)
      return [status, body.code, body.field]
    }
    assert.deepEqual(await refusalOf({ siteId: 2, services: [] }), [403, 'forbidden', 'siteId'])
    assert.deepEqual(await refusalOf({ services: ['news', 'foreign'] }), [
      404,
      'unknown-service',
      'services[1]',
    ])
    assert.deepEqual(await refusalOf({ siteId: 9 }, bearer(CONTROL_TOKEN)), [400, 'invalid-value', 'siteId'])
    assert.deepEqual(await refusalOf({ name: 'a:b' }), [400, 'invalid-value', 'name'])
    assert.deepEqual(await refusalOf({ name: 'stranger' }), [409, 'name-taken', 'name'])
    assert.deepEqual(await refusalOf({}, bearer(VIEWER_KEY)), [403, 'forbidden', undefined])

    const { apiUser } = (await call('POST', '/api-users', MAILER)).body
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['POST', '/rotate'],
      ['POST', '/end-previous-key'],
      ['DELETE', ''],
    ] as const) {
      const payload = path === '/rotate' || method === 'PATCH' ? {} : undefined
      const answer = await call(method, `/api-users/${apiUser.id}${path}`, payload, bearer(STRANGER_KEY))
      assert.equal(answer.status, 404, `${method} ${path}`)
    }
    const names = (await call('GET', '/api-users', undefined, bearer(STRANGER_KEY))).body.items
    assert.deepEqual(
      names.map(({ name }: { name: string }) => name),
      ['stranger'],
    )
  })
})
