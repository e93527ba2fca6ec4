import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { createCountListedDays } from '../../../src/suppression/reading/listed-days.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { someService } from '../../tenants/some-service.ts'
import { stop } from '../changes.ts'

const START = Date.UTC(2026, 0, 1)
const DAYS = [0, 1, 2].map((index) => ({
  day: `2026-01-0${index + 1}`,
  from: START + index * DAY_MS,
  to: START + (index + 1) * DAY_MS,
}))

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('counts the last day anew each time, and the days before it every ten minutes', async () => {
    const { service } = await someService(database())
    const { id } = await resolveList(database(), service.id, 'complaints')
    let now = START + 2 * DAY_MS
    const { record } = createRecorder(database(), () => now)
    const countDays = createCountListedDays(database(), () => now)
    const counts = async () => (await countDays(service.id, DAYS)).map(({ day, count }) => [day, count])
    await record(stop(id, 'first@example.com', { requestedAt: START }))
    assert.deepEqual(await counts(), [['2026-01-01', 1]])
    await record(stop(id, 'late@example.com', { requestedAt: START + DAY_MS }))
    await record(stop(id, 'latest@example.com', { requestedAt: now }))
    assert.deepEqual(await counts(), [
      ['2026-01-01', 1],
      ['2026-01-03', 1],
    ])
    now += 600_000
    assert.deepEqual(await counts(), [
      ['2026-01-01', 1],
      ['2026-01-02', 1],
      ['2026-01-03', 1],
    ])
  })
})
