import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW, startNativeApi, VIEWER_KEY } from './native-api.ts'

const AT = new Date(NOW).toISOString()

test('counts are set, exclude at the threshold, and are told for those who have one', async (t) => {
  const { call } = await startNativeApi(t)
  const counts = [
    { address: 'Taro@example.jp', count: 99 },
    { address: 'b@example.jp', count: 1.5 },
    { address: 'c@example.jp' },
  ]
  const set = await call('POST', '/services/10/error-counts', { counts })
  assert.deepEqual([set.status, set.body], [200, { set: 3 }])
  const addresses = ['c@example.jp', 'taro@EXAMPLE.jp', 'nobody', 'd@example.jp', 'b@example.jp']
  const found = await call('POST', '/services/10/error-counts/search', { addresses })
  const times = { registeredAt: AT, updatedAt: AT }
  assert.deepEqual(found.body, {
    items: [
      { address: 'c@example.jp', count: 0, ...times },
      { address: 'Taro@example.jp', count: 99, ...times },
      { address: 'b@example.jp', count: 1.5, ...times },
    ],
    malformed: ['nobody'],
  })
  const check = { from: 'news@example.com', recipients: ['taro@example.jp', 'b@example.jp'] }
  const checked = (await call('POST', '/services/10/check', check)).body
  assert.deepEqual(checked.deliverable, ['b@example.jp'])
  assert.deepEqual(checked.excluded[0].list, 'hard-bounces')
  const elsewhere = await call('POST', '/services/11/error-counts/search', { addresses })
  assert.deepEqual(elsewhere.body.items, [])
  const [entry] = (await call('GET', '/audit?limit=1')).body.items
  assert.deepEqual([entry.actor, entry.action], ['api:admin', 'error-count.set'])
})

test('a count that is none, or stands for no address, is refused by its place, and nothing is set', async (t) => {
  const { call } = await startNativeApi(t)
  const good = { address: 'a@example.jp', count: 99 }
  for (const [bad, field] of [
    [{ address: 'nobody', count: 1 }, 'counts[1].address'],
    [{ address: 'b@example.jp', count: 100 }, 'counts[1].count'],
    [{ address: 'b@example.jp', count: -1 }, 'counts[1].count'],
    [{ address: 'b@example.jp', count: 1.25 }, 'counts[1].count'],
    [{ address: 'b@example.jp', count: '1' }, 'counts[1].count'],
  ] as const) {
    const answer = await call('POST', '/services/10/error-counts', { counts: [good, bad] })
    assert.deepEqual([answer.status, answer.body.field], [400, field])
  }
  const many = Array.from({ length: 101 }, (_, index) => ({ address: `${index}@example.jp` }))
  assert.equal((await call('POST', '/services/10/error-counts', { counts: many })).status, 400)
  const found = await call('POST', '/services/10/error-counts/search', { addresses: ['a@example.jp'] })
  assert.deepEqual(found.body.items, [])
})

test('whoever may only look cannot set a count', async (t) => {
  const { call } = await startNativeApi(t)
  const headers = { authorization: `Bearer ${VIEWER_KEY}` }
  const counts = [{ address: 'a@example.jp' }]
  assert.equal((await call('POST', '/services/10/error-counts', { counts }, headers)).status, 403)
  const search = { addresses: ['a@example.jp'] }
  assert.equal((await call('POST', '/services/10/error-counts/search', search, headers)).status, 200)
})
