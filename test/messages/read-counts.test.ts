import assert from 'node:assert/strict'
import { it, test } from 'node:test'
import {
  type CountKey,
  countKey,
  daysOf,
  readCounts,
  readDayTotals,
} from '../../src/messages/reading/read-counts.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { newId } from './some-rows.ts'

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('reads the counters of days by sender, outcome and list, over pages of any size', async () => {
    const service_id = newId()
    await insert(service_id)
    await insert(newId())
    const days = { from: '2026-10-01', to: '2026-10-02' }
    const all = await readCounts(database(), service_id, days, { limit: 100 })
    assert.deepEqual(all, [
      { day: '2026-10-01', sender: 'a@example.com', outcome: 'excluded', listId: 3, count: 1 },
      { day: '2026-10-01', sender: 'a@example.com', outcome: 'excluded', listId: 4, count: 2 },
      { day: '2026-10-01', sender: 'b@example.com', outcome: 'sent', listId: null, count: 3_000_000_000 },
      { day: '2026-10-02', sender: 'a@example.com', outcome: 'accepted', listId: null, count: 5 },
    ])
    const paged = []
    for (let after: CountKey | undefined; ; ) {
      const [row] = await readCounts(database(), service_id, days, { after, limit: 1 })
      if (!row) break
      paged.push(row)
      after = countKey(row)
    }
    assert.deepEqual(paged, all)
  })

  it('sums each day over senders and lists', async () => {
    const service_id = newId()
    await insert(service_id)
    const mailed = { accepted: 0, excluded: 0, sent: 0, kept: 0, failed: 0, cancelled: 0 }
    const none = { ...mailed, bounced: 0, returned: 0, blamed: 0, complained: 0 }
    assert.deepEqual(await readDayTotals(database(), service_id, { from: '2026-10-01', to: '2026-10-31' }), [
      { day: '2026-10-01', ...none, excluded: 3, sent: 3_000_000_000 },
      { day: '2026-10-02', ...none, accepted: 5 },
      { day: '2026-10-03', ...none, failed: 6 },
    ])
  })

  function insert(service_id: number) {
    const [a, b] = ['a@example.com', 'b@example.com'] as const
    return database().transact([
      database()
        .query.insertInto('day_count')
        .values([
          { service_id, day: '2026-09-30', sender: a, outcome: 'sent', list_id: 0, count: 9 },
          { service_id, day: '2026-10-01', sender: a, outcome: 'excluded', list_id: 3, count: 1 },
          { service_id, day: '2026-10-01', sender: a, outcome: 'excluded', list_id: 4, count: 2 },
          { service_id, day: '2026-10-01', sender: b, outcome: 'sent', list_id: 0, count: 3_000_000_000 },
          { service_id, day: '2026-10-02', sender: a, outcome: 'accepted', list_id: 0, count: 5 },
          { service_id, day: '2026-10-03', sender: a, outcome: 'failed', list_id: 0, count: 6 },
        ]),
    ])
  }
})

test('the days are the last 31 of the zone unless told otherwise, and at most 366', () => {
  // In Tokyo the day has just begun.
  const now = Date.parse('2026-03-01T15:00:00Z')
  assert.deepEqual(daysOf({}, 'Asia/Tokyo', now), { from: '2026-01-31', to: '2026-03-02' })
  assert.deepEqual(daysOf({}, 'UTC', now), { from: '2026-01-30', to: '2026-03-01' })
  assert.deepEqual(daysOf({ to: '2026-01-31' }, 'UTC', now), { from: '2026-01-01', to: '2026-01-31' })
  assert.deepEqual(daysOf({ from: '2026-03-01' }, 'UTC', now), { from: '2026-03-01', to: '2026-03-01' })
  const year = { from: '2025-03-01', to: '2026-03-01' }
  assert.deepEqual(daysOf(year, 'UTC', now), year)
  const refused = [
    [{ ...year, from: '2025-02-28' }, 'from'],
    [{ from: '2026-03-02' }, 'to'],
  ] as const
  for (const [days, field] of refused) {
    assert.throws(() => daysOf(days, 'UTC', now), { code: 'invalid-value', field })
  }
})
