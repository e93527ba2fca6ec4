import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNativeApi } from './native-api.ts'

test('a sender is registered once, with the base_url of its list; a repeat answers the same', async (t) => {
  const { call } = await startNativeApi(t)
  const first = await call('POST', '/services/10/senders', { address: 'Shop@Example.com' })
  assert.equal(first.status, 200)
  const { classId } = first.body
  assert.match(classId, /^[a-z2-7]{16}$/)
  assert.deepEqual(first.body, {
    address: 'Shop@Example.com',
    oneClick: true,
    classId,
    baseUrl: `https://u.example/${classId}`,
  })
  assert.deepEqual(
    (await call('POST', '/services/10/senders', { address: 'shop@example.com' })).body,
    first.body,
  )
})

test('senders are listed page by page in the order of their addresses', async (t) => {
  const { call } = await startNativeApi(t)
  for (const address of ['b@example.com', 'a@example.com']) {
    await call('POST', '/services/10/senders', { address, oneClick: false })
  }
  const first = await call('GET', '/services/10/senders?limit=2')
  const second = await call('GET', `/services/10/senders?limit=2&cursor=${first.body.next}`)
  const seen = [...first.body.items, ...second.body.items]
  assert.deepEqual(
    seen.map(({ address, oneClick }) => [address, oneClick]),
    [
      ['a@example.com', false],
      ['b@example.com', false],
      ['news@example.com', true],
    ],
  )
  assert.equal(second.body.next, null)
})

test('nothing takes a sender back: not PATCH, not DELETE, not oneClick false', async (t) => {
  const { call } = await startNativeApi(t)
  const attempts = [
    await call('DELETE', '/services/10/senders'),
    await call('DELETE', '/services/10/senders', '{broken', { 'content-type': 'application/json' }),
    await call('PATCH', '/services/10/senders', { address: 'news@example.com', oneClick: false }),
    await call('POST', '/services/10/senders', { address: 'news@example.com', oneClick: false }),
  ]
  for (const { status, body } of attempts) {
    assert.deepEqual([status, body.code, body.field], [409, 'sender-is-permanent', 'address'])
  }
  assert.equal((await call('GET', '/services/10/senders')).body.items[0].oneClick, true)
})

test('what is no address is refused and nothing is stored', async (t) => {
  const { call } = await startNativeApi(t)
  for (const address of [
    '',
    'nobody',
    'a@example.com\r\nBcc: b@example.com',
    'a\0@example.com',
    `${'a'.repeat(65)}@x.jp`,
  ]) {
    const { status, body } = await call('POST', '/services/10/senders', { address })
    assert.deepEqual([status, body.code, body.field], [400, 'invalid-value', 'address'])
  }
  assert.equal((await call('GET', '/services/10/senders')).body.items.length, 1)
})
