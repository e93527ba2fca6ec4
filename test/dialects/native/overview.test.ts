import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { startNativeApi } from './native-api.ts'

const SERVICE = '/services/10'

forEachEngine((engine) => {
  test('who came onto lists is counted by day, also when they were taken off since, and what needs attention is told', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const put = (list: string, ...addresses: string[]) =>
      call('POST', `${SERVICE}/suppressions`, { list, addresses })
    await put('sender:news@example.com', 'a@example.jp', 'b@example.jp')
    await put('hard-bounces', 'c@example.jp')
    await put('blocklist', 'd@example.jp')
    await call('POST', `${SERVICE}/suppressions/resume`, {
      list: 'sender:news@example.com',
      addresses: ['a@example.jp'],
    })
    time.now += 86_400_000
    await put('complaints', 'e@example.jp')
    const { status, body } = await call('GET', `${SERVICE}/counts/lists`)
    const none = { unsubscribed: 0, hardBounces: 0, complaints: 0 }
    assert.deepEqual(
      [status, body.items],
      [
        200,
        [
          { day: '2026-11-21', ...none, unsubscribed: 2, hardBounces: 1 },
          { day: '2026-11-22', ...none, complaints: 1 },
        ],
      ],
    )
    const attention = await call('GET', `${SERVICE}/attention`)
    assert.deepEqual(
      [attention.status, attention.body],
      [
        200,
        {
          sendersWithoutKey: ['news@example.com'],
          failedImports: 0,
          unverifiedRequests: 0,
          openMails: 0,
        },
      ],
    )
  })
})
