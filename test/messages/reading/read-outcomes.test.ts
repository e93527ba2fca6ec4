import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type OutcomeSearch, readOutcomes } from '../../../src/messages/reading/read-outcomes.ts'
import type { Database } from '../../../src/storage/database.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { deliveryRow, insertRows, messageRow, newId } from '../some-rows.ts'

const MANY = 2_345

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('gives each mail of a period once, newest first, in pages', async () => {
    const serviceId = newId()
    const delivery = deliveryRow({ service_id: serviceId })
    const messages = Array.from({ length: MANY }, (_, index) =>
      messageRow(delivery, {
        accepted_at: index,
        updated_at: 10_000 - index,
        state: index % 2 ? 'failed' : 'sent',
      }),
    )
    await insertRows(database(), { deliveries: [delivery] })
    for (let start = 0; start < MANY; start += 1_000) {
      await insertRows(database(), { messages: messages.slice(start, start + 1_000) })
    }
    const accepted = await read(database(), { serviceId, by: 'acceptance', from: 5, to: 2_300 })
    assert.deepEqual(
      accepted.map(({ at }) => at),
      Array.from({ length: 2_295 }, (_, index) => 2_299 - index),
    )
    const bounced = await read(database(), { serviceId, by: 'bounce', to: 9_000 })
    const expected = messages.filter(({ state, updated_at }) => state === 'failed' && updated_at < 9_000)
    assert.deepEqual(
      bounced.map(({ messageId }) => messageId),
      expected.map(({ message_id }) => message_id),
    )
  })

  if (engine.name === 'sqlite') {
    it('goes along an index that is made for it', async () => {
      const ways: [OutcomeSearch, string][] = [
        [{ serviceId: 1, by: 'acceptance', from: 1, to: 9 }, 'message_by_service'],
        [{ serviceId: 1, by: 'acceptance', stage: 'deferred' }, 'message_by_service'],
        [{ serviceId: 1, by: 'bounce' }, 'message_bounced'],
        [{ serviceId: 1, by: 'bounce', from: 1, to: 9, excludedBy: [1, 2] }, 'message_bounced'],
        [{ serviceId: 1, by: 'bounce', recipient: { text: 'a@example.jp', whole: true } }, 'message_bounced'],
      ]
      for (const [search, index] of ways) {
        const plan = await planOf(database(), (spied) => read(spied, search))
        const steps = plan.split('\n').filter((step) => / message /.test(step))
        assert.ok(steps.length > 0)
        for (const step of steps) assert.match(step, new RegExp(`SEARCH message USING .*${index} `))
        assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/)
      }
    })
  }
})

async function read(database: Database, search: OutcomeSearch) {
  const found = []
  for await (const page of readOutcomes(database, search)) found.push(...page)
  return found
}
