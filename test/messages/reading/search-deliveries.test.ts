import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type DeliverySearch, searchDeliveries } from '../../../src/messages/reading/search-deliveries.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { deliveryRow, insertRows, messageRow, newId } from '../some-rows.ts'

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('finds by state, sender, reference and period, newest first, with how many messages are in each state', async () => {
    const service_id = newId()
    const deliveries = [
      deliveryRow({ service_id, created_at: 1, state: 'paused' }),
      deliveryRow({ service_id, created_at: 3, reference: 'autumn' }),
      deliveryRow({ service_id, created_at: 2, reference: 'autumn', transactional: 1 }),
      deliveryRow({
        service_id,
        created_at: 2,
        from_address: 'Shop@example.com',
        sender_key: 'shop@example.com',
      }),
      deliveryRow({ service_id: newId(), created_at: 2, reference: 'autumn' }),
    ]
    const [paused, bulk, transactional, shop] = deliveries.map(({ id }) => id)
    const messages = [
      messageRow({ id: bulk as number, service_id }),
      messageRow({ id: bulk as number, service_id }),
    ]
    await insertRows(database(), { deliveries, messages })

    const find = async (search: Partial<DeliverySearch>) => {
      const { items } = await searchDeliveries(database(), { serviceId: service_id, limit: 10, ...search })
      return items.map(({ id }) => id)
    }
    assert.deepEqual(await find({}), [bulk, shop, transactional, paused])
    assert.deepEqual(await find({ state: 'paused' }), [paused])
    assert.deepEqual(await find({ senderKey: 'shop@example.com' }), [shop])
    assert.deepEqual(await find({ reference: 'autumn' }), [bulk, transactional])
    assert.deepEqual(await find({ reference: 'autumn', to: 3 }), [transactional])
    assert.deepEqual(await find({ from: 2, to: 3 }), [shop, transactional])
    assert.deepEqual(await find({ reference: 'spring' }), [])

    const seen: number[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await searchDeliveries(database(), { serviceId: service_id, limit: 1, cursor })
      seen.push(...page.items.map(({ id }) => id))
      if (page.next === null) break
      cursor = page.next
    }
    assert.deepEqual(seen, [bulk, shop, transactional, paused])
    const { items } = await searchDeliveries(database(), { serviceId: service_id, limit: 1 })
    assert.deepEqual([items[0]?.reference, items[0]?.messages], ['autumn', { sent: 2 }])
  })

  if (engine.name === 'sqlite') {
    it('walks an index in its order, and seeks what has a reference', async () => {
      const find = (search: Partial<DeliverySearch>) =>
        planOf(database(), (spied) => searchDeliveries(spied, { serviceId: -1, limit: 10, ...search }))
      for (const search of [
        {},
        { from: 1, to: 9 },
        { state: 'paused' },
        { senderKey: 'a@b.example' },
      ] as const) {
        assert.match(await find(search), /^SEARCH delivery USING INDEX delivery_by_service \(/m)
        assert.doesNotMatch(await find(search), /TEMP B-TREE/)
      }
      assert.match(await find({ reference: 'autumn', from: 1 }), /USING INDEX delivery_by_reference/)
    })
  }
})
