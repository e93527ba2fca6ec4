import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAudit } from '../../../src/audit/find-audit.ts'
import { forEachEngine } from '../../support/engines.ts'
import { startNativeApi } from './native-api.ts'

const DAY_MS = 86_400_000
const PATH = '/services/10/exports/one-click?sender=news@example.com'
const HEAD = '送信先アドレス,メッセージID,登録解除日時,配信フラグ\r\n'

async function withRequests(
  t: Parameters<typeof startNativeApi>[0],
  options?: Parameters<typeof startNativeApi>[1],
) {
  const api = await startNativeApi(t, options)
  const [sender] = await api.database.read(
    api.database.query.selectFrom('sender').selectAll().where('service_id', '=', 10),
  )
  const stop = async (address: string, messageId: string) => {
    const requestedAt = api.time.now
    await api.recorder.record({
      ...{ kind: 'stop', listId: sender?.list_id ?? 0, recipient: { address, key: address }, requestedAt },
      ...{ source: 'one-click', reason: 'unsubscribed', messageId, mailedAt: requestedAt, evidence: null },
    })
  }
  await stop('a@example.jp', '7.1@example.com')
  api.time.now += DAY_MS
  await stop('b@example.jp', '7.2@example.com')
  await api.call('POST', '/services/10/suppressions/resume', {
    list: 'sender:news@example.com',
    addresses: ['a@example.jp'],
  })
  return api
}

forEachEngine((engine) => {
  test('the one-click list is CSV with four columns, flag 0 for who is excluded and 1 for who was resumed', async (t) => {
    const { call } = await withRequests(t, { engine })
    const { status, type, text } = await call('GET', PATH)
    assert.deepEqual([status, type], [200, 'text/csv; charset=utf-8; header=present'])
    assert.equal(
      text,
      `${HEAD}a@example.jp,7.1@example.com,2026-11-21T09:30:00+09:00,1\r\n` +
        'b@example.jp,7.2@example.com,2026-11-22T09:30:00+09:00,0\r\n',
    )
  })

  test('days count whole in the zone of the service, moments from the first on and up to the second', async (t) => {
    const { call } = await withRequests(t, { engine })
    const found = async (query: string) =>
      [...(await call('GET', `${PATH}${query}`)).text.matchAll(/^(\w)@/gm)].map(([, name]) => name).join('')
    assert.equal(await found('&from=2026-11-21&to=2026-11-22'), 'ab')
    assert.equal(await found('&from=2026-11-21&to=2026-11-21'), 'a')
    assert.equal(await found('&from=2026-11-22'), 'b')
    assert.equal(await found('&from=2026-11-21T00:30:00Z&to=2026-11-22T00:30:00Z'), 'a')
    assert.equal(await found('&from=2026-11-21T09:30:01%2B09:00'), 'b')
  })
})

test('who asks by HEAD is told whether a file may be had; nothing of it is read or on record', async (t) => {
  const { call, database } = await withRequests(t)
  const { status, type, text } = await call('HEAD', PATH)
  assert.deepEqual([status, type, text], [200, 'text/csv; charset=utf-8; header=present', ''])
  assert.equal((await call('HEAD', '/audit/export?format=csv')).status, 200)
  assert.equal((await call('HEAD', '/services/10/exports/one-click?sender=nobody@example.com')).status, 404)
  assert.deepEqual(await findAudit(database, { action: 'export', limit: 10 }), [])
  await call('GET', PATH)
  assert.equal((await findAudit(database, { action: 'export', limit: 10 })).length, 1)
})

test('a byte order mark and NDJSON come on request', async (t) => {
  const { call } = await withRequests(t)
  assert.ok((await call('GET', `${PATH}&bom=true`)).text.startsWith(`\ufeff${HEAD}`))
  const { type, text } = await call('GET', `${PATH}&format=ndjson&to=2026-11-21`)
  assert.equal(type, 'application/x-ndjson')
  assert.deepEqual(JSON.parse(text), {
    address: 'a@example.jp',
    messageId: '7.1@example.com',
    requestedAt: '2026-11-21T09:30:00+09:00',
    deliverable: true,
  })
})

test('what cannot be exported is refused with its field before a line is written', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [string, number, string, string][] = [
    ['', 400, 'invalid-value', 'sender'],
    ['?sender=nobody', 400, 'invalid-value', 'sender'],
    ['?sender=other@example.com', 404, 'unknown-sender', 'sender'],
    ['?sender=news@example.com&from=yesterday', 400, 'invalid-value', 'from'],
    ['?sender=news@example.com&from=2026-11-22&to=2026-11-21', 400, 'invalid-value', 'to'],
    ['?sender=news@example.com&format=xlsx', 400, 'invalid-value', 'format'],
    ['?sender=news@example.com&bom=1', 400, 'invalid-value', 'bom'],
    ['?sender=news@example.com&filter=x', 400, 'unknown-field', 'filter'],
  ]
  for (const [query, status, code, field] of refused) {
    const answer = await call('GET', `/services/10/exports/one-click${query}`)
    assert.deepEqual([answer.status, answer.body.code, answer.body.field], [status, code, field], query)
  }
})
