import assert from 'node:assert/strict'
import { it } from 'node:test'
import { queueDepthReader } from '../../../src/messages/reading/queue-depth.ts'
import type { Database } from '../../../src/storage/database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { deliveryRow, insertRows, messageRow } from '../some-rows.ts'

forEachEngine((engine) => {
  it('counts at most every ten seconds, however many look, and again after a failure', async (t) => {
    const database = await engine.open(t)
    let [now, reads, isAway] = [100_000, 0, false]
    const spied: Database = {
      ...database,
      read: async (statement) => {
        reads++
        if (isAway) throw new Error('away')
        return database.read(statement)
      },
    }
    const look = queueDepthReader(spied, () => now)
    const store = () =>
      insertRows(database, { messages: [messageRow(deliveryRow({ service_id: 1 }), { state: 'queued' })] })
    const empty = { depth: 0, oldestMs: 0 }
    assert.deepEqual(await Promise.all([look(), look()]), [empty, empty])
    const once = reads
    await store()
    now += 9_999
    assert.deepEqual(await look(), empty)
    assert.equal(reads, once)
    now += 1
    assert.deepEqual(await look(), { depth: 1, oldestMs: 110_000 })
    assert.equal(reads, 2 * once)

    now += 10_000
    isAway = true
    await assert.rejects(look(), /away/)
    isAway = false
    assert.equal((await look()).depth, 1)
    now -= 60_000
    await store()
    assert.equal((await look()).depth, 2)
  })
})
