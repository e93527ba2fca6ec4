import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeMany } from '../../../src/suppression/changing/change-many.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { forEachEngine } from '../../support/engines.ts'
import { araraV2Api } from './arara-v2-api.ts'

const COUNT = 25_000

forEachEngine(({ name }) => {
  const { installation, call } = araraV2Api(name)

  test('a day with 25,000 requesters comes whole, in the order of the requests', async () => {
    const { capabilities, time } = installation()
    await call('POST', '/unsubscribe-receivers', { 'header-from': 'sender@example.com' })
    const { id: listId } = await resolveList(capabilities.database, 10, 'sender:sender@example.com')
    for (let start = 0; start < COUNT; start += 5_000) {
      time.now += 60_000
      const addresses = Array.from(
        { length: 5_000 },
        (_, at) => `r${String(start + at).padStart(5, '0')}@example.jp`,
      )
      await changeMany(capabilities.recorder, {
        ...{ kind: 'stop', listId, addresses, reason: 'unsubscribed', requestedAt: time.now, source: 'api' },
      })
    }
    const { json } = await call(
      'GET',
      '/unsubscribers/auto-assigned?header-from=sender@example.com&date=2026-10-01',
    )
    assert.equal(json.requesters.length, COUNT)
    json.requesters.forEach((row: { message_to: string; filtered: number }, at: number) => {
      assert.deepEqual([row.message_to, row.filtered], [`r${String(at).padStart(5, '0')}@example.jp`, 1])
    })
  })
})
