import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type ExcludedSearch, findExcluded } from '../../../src/messages/reading/find-excluded.ts'
import type { Database } from '../../../src/storage/database.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { deliveryRow, insertMany, insertRows, messageRow, newId } from '../some-rows.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('finds every excluded message of a delivery once, and those of some lists alone', async () => {
    const delivery = deliveryRow({ service_id: newId() })
    const other = deliveryRow({ service_id: delivery.service_id })
    const excluded = (listId: number, of = delivery) =>
      messageRow(of, { state: 'excluded', excluded_list_id: listId })
    const messages = Array.from({ length: 2_500 }, () => excluded(1))
    const rare = excluded(2)
    // Transactional mail has a list that was overridden, and is not excluded.
    const overridden = messageRow(delivery, { excluded_list_id: 1 })
    for (let start = 0; start < messages.length; start += 500) {
      await insertRows(shared(), { messages: messages.slice(start, start + 500) })
    }
    await insertRows(shared(), { messages: [rare, overridden, excluded(1, other)] })
    const all = [...messages, rare].map(({ id }) => id)
    assert.deepEqual(await idsOf(shared(), { deliveryId: delivery.id }), all)
    assert.deepEqual(await idsOf(shared(), { deliveryId: delivery.id, listIds: [2, 3] }), [rare.id])
  })

  it('walks a large delivery with few excluded in steps that are bounded', async () => {
    const delivery = deliveryRow({ service_id: newId() })
    const excluded = () => messageRow(delivery, { state: 'excluded', excluded_list_id: 1 })
    const [first, last] = [excluded(), excluded()]
    await insertRows(shared(), { messages: [first] })
    await insertMany(shared(), delivery, 21_000)
    await insertRows(shared(), { messages: [{ ...last, id: newId() }] })
    let reads = 0
    const counting: Database = {
      ...shared(),
      read: (statement) => {
        reads++
        return shared().read(statement)
      },
    }
    assert.equal((await idsOf(counting, { deliveryId: delivery.id })).length, 2)
    // A step is two: where it ends, and what is in it.
    assert.equal(reads, 4)
    if (engine.name !== 'sqlite') return
    const plan = await planOf(shared(), (spied) => idsOf(spied, { deliveryId: delivery.id }))
    assert.match(plan, /message_by_delivery \(delivery_id=\? AND id>\?\)/)
  })
})

/** In the order of ids. */
async function idsOf(database: Database, search: ExcludedSearch): Promise<number[]> {
  const found: number[] = []
  for await (const messages of findExcluded(database, search)) found.push(...messages.map(({ id }) => id))
  return found.sort((a, b) => a - b)
}
