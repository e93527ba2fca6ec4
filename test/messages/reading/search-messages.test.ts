import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import {
  type FoundMessage,
  type MessageSearch,
  searchMessages,
} from '../../../src/messages/reading/search-messages.ts'
import type { Database } from '../../../src/storage/database.ts'
import type { MessageTable } from '../../../src/storage/mail-tables.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { fc, runs } from '../../support/properties.ts'
import { deliveryRow, insertMany, insertRows, messageRow, newId } from '../some-rows.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)
  let database: Database
  before(() => {
    database = shared()
  })

  it('shows each message with its delivery, From, and what excluded it', async () => {
    const delivery = deliveryRow({ service_id: newId() })
    const excluded = messageRow(delivery, {
      ...{ address: 'A@example.jp', state: 'excluded', attempts: 0, reply: null },
      ...{ excluded_list_id: 7, excluded_reason: 'unsubscribed', excluded_since: 3 },
      ...{ accepted_at: 5, updated_at: 6 },
    })
    const queued = messageRow(delivery, { state: 'queued', due_at: 9, accepted_at: 4 })
    await insertRows(database, { deliveries: [delivery], messages: [excluded, queued] })
    const { items, next } = await searchMessages(database, { serviceId: delivery.service_id, limit: 10 })
    assert.equal(next, null)
    assert.deepEqual(items[0], {
      id: excluded.id,
      deliveryId: delivery.id,
      to: 'A@example.jp',
      from: 'News@example.com',
      state: 'excluded',
      listId: 7,
      reason: 'unsubscribed',
      since: 3,
      attempts: 0,
      copyAs: null,
      dueAt: null,
      reply: null,
      messageId: excluded.message_id,
      acceptedAt: 5,
      updatedAt: 6,
    })
    assert.equal(items[1]?.dueAt, 9)
  })

  it('finds by state, sender, recipient, delivery, list and period, and by any of them together', async () => {
    const { serviceId, find, deliveries } = await someMail()
    const all = await find({})
    const [first] = deliveries
    const cases: [Partial<MessageSearch>, (row: FoundMessage) => boolean][] = [
      [{ state: 'failed' }, ({ state }) => state === 'failed'],
      [{ state: 'excluded' }, ({ state }) => state === 'excluded'],
      [{ state: 'queued' }, ({ state }) => state === 'queued'],
      [{ senderKey: 'shop@example.com' }, ({ from }) => from === 'Shop@example.com'],
      [{ addressKey: 'user1@example.jp' }, ({ to }) => to === 'User1@example.jp'],
      [{ deliveryId: first?.id }, ({ deliveryId }) => deliveryId === first?.id],
      [{ listIds: [2, 3] }, ({ listId }) => listId === 2 || listId === 3],
      [{ from: 10, to: 20 }, ({ acceptedAt }) => acceptedAt >= 10 && acceptedAt < 20],
    ]
    for (const [search, fits] of cases) {
      const found = await find(search)
      assert.ok(found.length > 0 && found.length < all.length, JSON.stringify(search))
      assert.deepEqual(ids(found).sort(), ids(all.filter(fits)).sort(), JSON.stringify(search))
    }
    await fc.assert(
      fc.asyncProperty(fc.subarray(cases, { minLength: 2 }), async (chosen) => {
        fc.pre(chosen.filter(([search]) => search.state !== undefined).length < 2)
        const found = await find(Object.assign({}, ...chosen.map(([search]) => search)))
        const expected = all.filter((row) => chosen.every(([, fits]) => fits(row)))
        assert.deepEqual(ids(found).sort(), ids(expected).sort())
      }),
      { numRuns: runs(60) },
    )
    assert.ok((await find({ deliveryId: first?.id, serviceId: serviceId + 1_000_000 })).length === 0)
  })

  it('gives every message exactly once over pages of any size, newest first', async () => {
    const { find } = await someMail()
    for (const search of [
      {},
      { state: 'sent' },
      { addressKey: 'user1@example.jp' },
      { listIds: [2] },
    ] as const) {
      const all = await find(search)
      for (const limit of [1, 2, 7]) assert.deepEqual(ids(await find({ ...search, limit })), ids(all))
    }
    const found = await find({})
    const newestFirst = found.toSorted((a, b) => b.acceptedAt - a.acceptedAt || b.id - a.id)
    assert.deepEqual(ids(found), ids(newestFirst))
  })

  it('answers a page without items, and where to go on, when none of many messages fits', async () => {
    const delivery = deliveryRow({ service_id: newId() })
    const rare = messageRow(delivery, { state: 'kept', accepted_at: 1 })
    await insertRows(database, { deliveries: [delivery], messages: [rare] })
    await insertMany(database, delivery, 20_000)
    const search = { serviceId: delivery.service_id, state: 'kept', limit: 10 } as const
    const first = await searchMessages(database, search)
    assert.deepEqual(first.items, [])
    const second = await searchMessages(database, { ...search, cursor: first.next as string })
    assert.deepEqual([ids(second.items), second.next], [[rare.id], null])
  })

  it('refuses a cursor of another kind of search', async () => {
    const { serviceId, deliveries } = await someMail()
    const { next } = await searchMessages(database, { serviceId, limit: 1 })
    const other = { serviceId, deliveryId: deliveries[0]?.id, limit: 1 }
    for (const cursor of [next as string, 'x']) {
      await assert.rejects(searchMessages(database, { ...other, cursor }), { code: 'invalid-value' })
    }
  })

  if (engine.name === 'sqlite') {
    it('walks an index in its order, whatever is asked for', async () => {
      const ways: [Partial<MessageSearch>, string][] = [
        [{}, 'message_by_service'],
        [{ from: 1, to: 9 }, 'message_by_service'],
        [{ state: 'queued' }, 'message_by_service'],
        [{ senderKey: 'a@example.com' }, 'message_by_service'],
        [{ state: 'failed' }, 'message_failed'],
        [{ state: 'excluded' }, 'message_excluded'],
        [{ listIds: [1] }, 'message_excluded'],
        [{ addressKey: 'a@example.com', state: 'failed' }, 'message_by_recipient'],
        [{ deliveryId: 1, listIds: [1] }, 'message_by_delivery'],
      ]
      for (const [search, index] of ways) {
        const plan = await planOf(database, (spied) =>
          searchMessages(spied, { serviceId: 1, limit: 10, ...search }),
        )
        const steps = plan.split('\n').filter((step) => / message /.test(step))
        for (const step of steps) assert.match(step, new RegExp(`SEARCH message USING .*${index} `))
        assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/)
      }
    })
  }

  /** A service with mail of every kind, and more of another one. */
  async function someMail() {
    const serviceId = newId()
    const deliveries = [serviceId, serviceId, serviceId, newId()].map((service_id, index) =>
      deliveryRow({
        service_id,
        ...(index === 1 && { from_address: 'Shop@example.com', sender_key: 'shop@example.com' }),
      }),
    )
    const states = ['sent', 'excluded', 'failed', 'queued', 'excluded', 'sent'] as const
    const messages = deliveries.flatMap((delivery) =>
      Array.from({ length: 24 }, (_, index): MessageTable => {
        const state = states[index % states.length] ?? 'sent'
        const list = state === 'excluded' ? { excluded_list_id: (index % 4) + 1 } : {}
        // Several of each moment and of each recipient.
        const address = `User${index % 3}@example.jp`
        return messageRow(delivery, { ...list, state, address, accepted_at: 3 * (index % 8) })
      }),
    )
    await insertRows(database, { deliveries, messages })
    const find = async (search: Partial<MessageSearch>) => {
      const found: FoundMessage[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await searchMessages(database, { serviceId, limit: 1_000, cursor, ...search })
        found.push(...page.items)
        if (page.next === null) return found
        cursor = page.next
      }
    }
    return { serviceId, find, deliveries }
  }
})

function ids(rows: readonly { id: number }[]): number[] {
  return rows.map(({ id }) => id)
}
