import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { writeUnsubscribes } from '../../src/exports/unsubscribes.ts'

test('a recipient has a line for each user id, and one without where there is none', async () => {
  const common = { sender: 'news@example.com', requestedAt: Date.parse('2026-11-20T15:00:00.900Z') }
  async function* pages() {
    yield [{ ...common, address: 'a@example.jp', userIds: ['1', 'u,2'] }]
    yield [{ ...common, address: '花子@example.jp', userIds: [] }]
  }
  const lines = writeUnsubscribes(pages(), { format: 'csv', bom: false, timeZone: 'Asia/Tokyo' })
  assert.equal(
    await text(lines),
    'from_address,user_id,target,timestamp\r\n' +
      'news@example.com,1,a@example.jp,2026-11-21T00:00:00+09:00\r\n' +
      'news@example.com,"u,2",a@example.jp,2026-11-21T00:00:00+09:00\r\n' +
      'news@example.com,,花子@example.jp,2026-11-21T00:00:00+09:00\r\n',
  )
})
