import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNativeApi } from './native-api.ts'

test('every call is described as OpenAPI 3.1, with the problem document among its answers', async (t) => {
  const { send } = await startNativeApi(t)
  const { status, body } = await send({ method: 'GET', url: '/api/v1/openapi.json' })
  assert.deepEqual([status, body.openapi], [200, '3.1.0'])
  const calls = Object.entries<Record<string, { summary?: string; responses: Record<string, unknown> }>>(
    body.paths,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ name: `${method} ${path}`, call })),
  )
  const service = '/api/v1/services/{service}'
  assert.deepEqual(calls.map(({ name }) => name).sort(), [
    'delete /api/v1/api-users/{id}',
    `delete ${service}/filters/{classId}`,
    `delete ${service}/forms/{id}`,
    `delete ${service}/logo`,
    `delete ${service}/senders`,
    'get /api/v1/api-users',
    'get /api/v1/api-users/{id}',
    'get /api/v1/audit',
    'get /api/v1/audit/export',
    'get /api/v1/erasures/{id}',
    'get /api/v1/installation/attention',
    'get /api/v1/installation/inbound',
    'get /api/v1/installation/inbound/{id}',
    'get /api/v1/installation/inbound/{id}/raw',
    'get /api/v1/installation/unverified-requests',
    'get /api/v1/installation/unverified-requests/keys',
    'get /api/v1/me',
    'get /api/v1/me/sessions',
    'get /api/v1/people',
    'get /api/v1/services',
    `get ${service}`,
    `get ${service}/attention`,
    `get ${service}/counts`,
    `get ${service}/counts/days`,
    `get ${service}/counts/lists`,
    `get ${service}/deliveries`,
    `get ${service}/deliveries/{id}`,
    `get ${service}/deliveries/{id}/messages`,
    `get ${service}/deliveries/{id}/messages/{messageId}/raw`,
    `get ${service}/expiring`,
    `get ${service}/exports/agreements`,
    `get ${service}/exports/blocklist`,
    `get ${service}/exports/complaints`,
    `get ${service}/exports/counts`,
    `get ${service}/exports/events`,
    `get ${service}/exports/expiring`,
    `get ${service}/exports/filter`,
    `get ${service}/exports/hard-bounces`,
    `get ${service}/exports/one-click`,
    `get ${service}/exports/unsubscribes`,
    `get ${service}/filters`,
    `get ${service}/forms`,
    `get ${service}/forms/{id}`,
    `get ${service}/forms/{id}/embed`,
    `get ${service}/imports`,
    `get ${service}/imports/{id}`,
    `get ${service}/imports/{id}/progress`,
    `get ${service}/imports/{id}/rejects`,
    `get ${service}/inbound`,
    `get ${service}/inbound/addresses`,
    `get ${service}/inbound/{id}`,
    `get ${service}/inbound/{id}/raw`,
    `get ${service}/relay`,
    `get ${service}/senders`,
    `get ${service}/senders/{classId}/dns`,
    'patch /api/v1/api-users/{id}',
    'patch /api/v1/people/{id}',
    `patch ${service}`,
    `patch ${service}/filters/{classId}`,
    `patch ${service}/forms/{id}`,
    `patch ${service}/senders`,
    'post /api/v1/api-users',
    'post /api/v1/api-users/{id}/end-previous-key',
    'post /api/v1/api-users/{id}/rotate',
    'post /api/v1/erasures',
    'post /api/v1/installation/inbound/{id}/resolve',
    'post /api/v1/installation/inbound/{id}/retry',
    'post /api/v1/installation/unverified-requests/discard',
    'post /api/v1/installation/unverified-requests/retry',
    'post /api/v1/me/confirm',
    'post /api/v1/me/sessions/end',
    'post /api/v1/people',
    'post /api/v1/people/{id}/reset',
    'post /api/v1/people/{id}/unlock',
    'post /api/v1/provision',
    `post ${service}/check`,
    `post ${service}/deliveries`,
    `post ${service}/deliveries/search`,
    `post ${service}/deliveries/{id}/cancel`,
    `post ${service}/deliveries/{id}/pause`,
    `post ${service}/deliveries/{id}/resend`,
    `post ${service}/deliveries/{id}/resume`,
    `post ${service}/error-counts`,
    `post ${service}/error-counts/search`,
    `post ${service}/exports/blocklist`,
    `post ${service}/exports/complaints`,
    `post ${service}/exports/events`,
    `post ${service}/exports/expiring`,
    `post ${service}/exports/filter`,
    `post ${service}/exports/hard-bounces`,
    `post ${service}/exports/messages`,
    `post ${service}/exports/unsubscribes`,
    `post ${service}/filters`,
    `post ${service}/filters/try`,
    `post ${service}/forms`,
    `post ${service}/headers`,
    `post ${service}/imports`,
    `post ${service}/imports/{id}/cancel`,
    `post ${service}/imports/{id}/undo`,
    `post ${service}/inbound`,
    `post ${service}/inbound/{id}/resolve`,
    `post ${service}/inbound/{id}/retry`,
    `post ${service}/messages/search`,
    `post ${service}/page/preview`,
    `post ${service}/relay/try`,
    `post ${service}/senders`,
    `post ${service}/senders/{classId}/dns/check`,
    `post ${service}/subscribers`,
    `post ${service}/subscribers/delete`,
    `post ${service}/subscribers/edit`,
    `post ${service}/subscribers/import`,
    `post ${service}/subscribers/memberships`,
    `post ${service}/subscribers/read`,
    `post ${service}/subscribers/search`,
    `post ${service}/suppressions`,
    `post ${service}/suppressions/resume`,
    `post ${service}/suppressions/search`,
    `post ${service}/timeline`,
    `put ${service}/logo`,
    `put ${service}/relay`,
  ])
  for (const { name, call } of calls) {
    assert.ok(call.summary, name)
    assert.ok(JSON.stringify(call.responses['default']).includes('application/problem+json'), name)
  }
})

test('what generated clients need is described: names, limits, numbers, and streams as text', async (t) => {
  const { send } = await startNativeApi(t)
  const { body } = await send({ method: 'GET', url: '/api/v1/openapi.json' })
  assert.deepEqual(body.servers, [{ url: '/' }])
  const calls = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap(Object.values)
  const names = calls.map(({ operationId }) => operationId)
  assert.equal(new Set(names).size, names.length)
  const service = '/api/v1/services/{service}'
  assert.equal(body.paths[service].patch.operationId, 'patchService')
  assert.equal(body.paths[`${service}/deliveries/{id}/pause`].post.operationId, 'postDeliveriesIdPause')
  assert.equal(body.paths[`${service}/exports/one-click`].get.operationId, 'getExportsOneClick')

  const { content } = body.paths[`${service}/check`].post.requestBody
  assert.equal(content['application/json'].schema.properties.recipients.maxItems, 10_000)
  assert.deepEqual(content['application/x-ndjson'].schema, { type: 'string' })

  const { parameters } = body.paths[`${service}/senders`].get
  const { schema, required } = parameters.find(({ name }: { name: string }) => name === 'limit')
  assert.deepEqual(
    [schema, required ?? false],
    [{ type: 'integer', minimum: 1, maximum: 1_000, default: 100 }, false],
  )
  const id = parameters.find(({ name }: { name: string }) => name === 'service')
  assert.deepEqual([id.schema.type, id.schema.minimum], ['integer', 1])
})

test('the reference page brings its script along and may fetch from nowhere else', async (t) => {
  const { send } = await startNativeApi(t)
  const redirect = await send({ method: 'GET', url: '/api/v1/docs' })
  assert.deepEqual([redirect.status, redirect.headers['location']], [301, '/api/v1/docs/'])
  const page = await send({ method: 'GET', url: '/api/v1/docs/' })
  assert.equal(page.status, 200)
  assert.deepEqual(
    [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url),
    ['js/scalar.js'],
  )
  assert.doesNotMatch(page.text, /https?:\/\//)
  assert.match(page.text, /"withDefaultFonts": false/)
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /https?:|\*/)
  const [, scripts = ''] = /script-src ([^;]*)/.exec(policy) ?? []
  const [, nonce = ''] = /^'self' 'nonce-([^']{24})'$/.exec(scripts) ?? []
  const inline = [...page.text.matchAll(/<script(?![^>]*src=)([^>]*)>/g)].map(([, attributes]) => attributes)
  assert.deepEqual(
    inline,
    inline.map(() => ` type="text/javascript" nonce="${nonce}"`),
  )
  const again = await send({ method: 'GET', url: '/api/v1/docs/' })
  assert.ok(!again.text.includes(nonce))
  const script = await send({ method: 'GET', url: '/api/v1/docs/js/scalar.js' })
  assert.equal(script.status, 200)
  assert.ok(script.text.length > 1_000_000)
})
