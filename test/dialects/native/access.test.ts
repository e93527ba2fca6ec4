import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { guardRoutes } from '../../../src/dialects/native/access.ts'
import type { NativeParts } from '../../../src/dialects/native/parts.ts'
import { ADMIN_KEY, CONTROL_TOKEN, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const basic = (name: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`,
})

test('a route that does not declare its access is refused when it is registered', async () => {
  const app = Fastify()
  guardRoutes(app, {} as NativeParts)
  assert.throws(() => app.get('/open', async () => 'to all'), /GET \/open does not declare its access/)
})

test('a key signs in as bearer or, with its name, by HTTP Basic', async (t) => {
  const { call } = await startNativeApi(t)
  for (const headers of [bearer(ADMIN_KEY), basic('admin', ADMIN_KEY), bearer(CONTROL_TOKEN)]) {
    assert.equal((await call('GET', '/services/10/senders', undefined, headers)).status, 200)
  }
})

test('without credentials, with wrong ones or with none to be read, the answer is 401 and how to sign in', async (t) => {
  const { call, slept } = await startNativeApi(t)
  const refused = [
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Digest x' },
    { authorization: 'Basic bm9jb2xvbg==' },
    bearer('wrong-key-1'),
    bearer(`${CONTROL_TOKEN}x`),
    basic('admin', VIEWER_KEY),
    basic('nobody', ADMIN_KEY),
  ]
  for (const headers of refused) {
    const {
      status,
      type,
      body,
      headers: answered,
    } = await call('GET', '/services/10/senders', undefined, headers)
    assert.deepEqual([status, body.code], [401, 'unauthenticated'])
    assert.match(type, /^application\/problem\+json/)
    assert.match(String(answered['www-authenticate']), /^Bearer, Basic /)
  }
  assert.deepEqual(slept, [300, 600, 1200, 2400])
})

test('a service of another site answers word for word like one that nobody has', async (t) => {
  const { call } = await startNativeApi(t)
  const foreign = await call('GET', '/services/20/senders')
  const none = await call('GET', '/services/999/senders')
  assert.equal(foreign.status, 404)
  assert.equal(foreign.text.replace('20', '999'), none.text)
  assert.deepEqual([foreign.body.code, foreign.body.field], ['unknown-service', 'service'])
  assert.equal((await call('GET', '/services/20/senders', undefined, bearer(STRANGER_KEY))).status, 200)
  for (const id of ['0', 'news', '-1', '1e3', '99999999999999999999']) {
    assert.equal((await call('GET', `/services/${id}/senders`)).body.code, 'unknown-service')
  }
})

test('a user does what its permissions say in its services alone, whatever it sends', async (t) => {
  const { call } = await startNativeApi(t)
  const asViewer = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string) =>
    call(method, path, method === 'GET' ? undefined : {}, bearer(VIEWER_KEY))
  assert.equal((await asViewer('GET', '/services/10/senders')).status, 200)
  const refused = [
    ['GET', '/services/11/senders'],
    ['POST', '/services/10/senders'],
    ['PATCH', '/services/10/senders'],
    ['POST', '/services/10/filters'],
    ['DELETE', '/services/10/filters/x'],
    ['POST', '/services/10/headers'],
    ['POST', '/services/10/deliveries'],
    ['POST', '/services/10/deliveries/1/pause'],
    ['POST', '/services/10/suppressions'],
    ['POST', '/services/10/suppressions/resume'],
    ['GET', '/services/10/exports/one-click?sender=news@example.com'],
    ['GET', '/audit'],
    ['POST', '/provision'],
  ] as const
  for (const [method, path] of refused) {
    const { status, body } = await asViewer(method, path)
    assert.deepEqual([status, body.code], [403, 'forbidden'], `${method} ${path}`)
  }
})
