import assert from 'node:assert/strict'
import { beforeEach, it } from 'node:test'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { purgeContents } from '../../src/messages/purging/purge-contents.ts'
import { purgeDeliveries } from '../../src/messages/purging/purge-deliveries.ts'
import { purgeKeptMail } from '../../src/messages/purging/purge-kept-mail.ts'
import { purgeMessages } from '../../src/messages/purging/purge-messages.ts'
import type { Database } from '../../src/storage/database.ts'
import type { MessageState, MessageTable } from '../../src/storage/mail-tables.ts'
import type { Tables } from '../../src/storage/tables.ts'
import type { ServiceChange } from '../../src/tenants/service.ts'
import { planOf } from '../storage/plan-of.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from '../tenants/some-service.ts'
import { contentRow, deliveryRow, insertRows, messageRow } from './some-rows.ts'

const CAME = Date.UTC(2026, 0, 1)
const after = (days: number) => CAME + days * DAY_MS

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)
  let database: Database
  beforeEach(async () => {
    database = shared()
    const tables = ['message', 'delivery', 'content', 'kept_mail'] as const
    await database.transact(tables.map((table) => database.query.deleteFrom(table)))
  })

  it('removes contents so many days after they came as their service says, in any size of batch', async () => {
    for (const batch of [1, 2, 500]) {
      const [short, long] = [await begin({ mailDays: 3 }), await begin({ mailDays: 14 })]
      for (let index = 0; index < 5; index++) {
        await short.store({ stored_at: CAME + index })
        await long.store({ stored_at: CAME + index })
      }
      assert.equal(await purgeContents(database, after(3) - 1, { batch }), 0)
      assert.equal(await purgeContents(database, after(3) + 2, { batch }), 3)
      assert.deepEqual([(await short.contents()).length, (await long.contents()).length], [2, 5])
      assert.equal(await purgeContents(database, after(14) + 4, { batch }), 7)
    }
  })

  it('keeps the content of what still has to be sent, until it is done', async () => {
    const world = await begin({ mailDays: 1 })
    const states: MessageState[] = ['queued', 'sending', 'sent', 'failed', 'excluded', 'cancelled', 'kept']
    const stored = new Map<MessageState, number>()
    for (const state of states) stored.set(state, await world.store({}, [{ state }]))
    assert.equal(await purgeContents(database, after(100)), 5)
    assert.deepEqual(await world.contents(), [stored.get('queued'), stored.get('sending')])
    const done = database.query.updateTable('message').set({ state: 'sent' })
    await database.transact([done.where('service_id', '=', world.service.id)])
    assert.equal(await purgeContents(database, after(100)), 2)
  })

  it('knows only so many needed contents at a time, and removes as much', async () => {
    const kinds: MessageState[] = ['queued', 'sent', 'sending']
    for (const mostKnown of [1, 2, 3, 1_000]) {
      const worlds = [await begin({ mailDays: 1 }), await begin({ mailDays: 2 })]
      const needed: number[] = []
      for (let index = 0; index < 12; index++) {
        const state = kinds[index % 3] ?? 'sent'
        const own = { stored_at: CAME - index }
        const id = await (worlds[index % 2] as World).store(own, [{ state }, { state: 'sent' }])
        if (state !== 'sent') needed.push(id)
      }
      assert.equal(await purgeContents(database, after(100), { mostKnown, batch: 2 }), 4)
      const left = await Promise.all(worlds.map((world) => world.contents()))
      assert.deepEqual(
        left.flat().sort((a, b) => a - b),
        needed,
      )
      await database.transact([database.query.deleteFrom('message'), database.query.deleteFrom('content')])
    }
  })

  it('spares a content that is needed again between finding and removing', async () => {
    const world = await begin({ mailDays: 1 })
    const renewed = await world.store({})
    await world.store({})
    const renew = database.query.updateTable('content').set({ stored_at: after(100) })
    const interrupted: Database = {
      ...database,
      transact: async (statements) => {
        await database.transact([renew.where('id', '=', renewed)])
        return database.transact(statements)
      },
    }
    assert.equal(await purgeContents(interrupted, after(100)), 1)
    assert.deepEqual(await world.contents(), [renewed])
  })

  it('removes large contents a few at a time', async () => {
    const world = await begin({ mailDays: 1 })
    for (let index = 0; index < 4; index++) await world.store({ raw: Buffer.alloc(5_000_000) })
    let commits = 0
    const counting: Database = {
      ...database,
      transact: (statements) => {
        commits++
        return database.transact(statements)
      },
    }
    assert.equal(await purgeContents(counting, after(2)), 4)
    assert.equal(commits, 4)
  })

  it('removes kept mail so many days after it was made', async () => {
    const world = await begin({ mailDays: 3 })
    for (const updated_at of [CAME, CAME + 1]) {
      await world.store({}, [{ state: 'kept', updated_at }])
    }
    await world.keepMails()
    assert.equal(await purgeKeptMail(database, after(3) - 1), 0)
    assert.equal(await purgeKeptMail(database, after(3), { batch: 1 }), 1)
    assert.equal(await purgeKeptMail(database, after(4)), 1)
    assert.equal((await world.messages()).length, 2)
  })

  it('removes messages that are done so many days after they came, in any size of batch', async () => {
    for (const batch of [1, 2, 500]) {
      const [world, other] = [await begin({ messageDays: 40 }), await begin({ messageDays: null })]
      const rows = [0, 1, 2, 3, 4].map((ms) => ({ accepted_at: CAME + ms }))
      await world.store({}, rows)
      await other.store({}, rows)
      assert.equal(await purgeMessages(database, after(40) - 1, { batch }), 0)
      assert.equal(await purgeMessages(database, after(40) + 2, { batch }), 3)
      assert.equal(await purgeMessages(database, after(1_000), { batch }), 2)
      assert.equal((await other.messages()).length, 5)
    }
  })

  it('keeps a message for 30 days after its last attempt, and for as long as it waits', async () => {
    const world = await begin({ messageDays: 30 })
    await world.store({}, [
      { state: 'sent', updated_at: after(20) },
      { state: 'queued', updated_at: CAME },
      { state: 'sending', updated_at: CAME },
    ])
    assert.equal(await purgeMessages(database, after(50) - 1), 0)
    assert.equal(await purgeMessages(database, after(50)), 1)
    assert.equal(await purgeMessages(database, after(1_000)), 0)
    assert.deepEqual(
      (await world.messages()).map(({ state }) => state),
      ['queued', 'sending'],
    )
  })

  it('removes the kept mail of a message along with it', async () => {
    const world = await begin({ messageDays: 30, mailDays: 1_000 })
    await world.store({}, [{ state: 'kept' }, { state: 'kept', accepted_at: after(20) }])
    await world.keepMails()
    assert.equal(await purgeMessages(database, after(31)), 1)
    const [left] = await world.messages()
    const mails = await database.read(database.query.selectFrom('kept_mail').select('message_id'))
    assert.deepEqual(mails, [{ message_id: left?.id }])
    assert.equal(await purgeKeptMail(database, after(2_000)), 1)
  })

  it('spares a message that is sent again between finding and removing', async () => {
    const world = await begin({ messageDays: 30 })
    await world.store({}, [{ state: 'excluded' }])
    const again = database.query.updateTable('message').set({ state: 'queued' })
    const interrupted: Database = {
      ...database,
      transact: async (statements) => {
        await database.transact([again.where('service_id', '=', world.service.id)])
        return database.transact(statements)
      },
    }
    assert.equal(await purgeMessages(interrupted, after(100)), 0)
    assert.equal((await world.messages()).length, 1)
  })

  it('removes deliveries that are as old and empty, those with a reference one run later', async () => {
    const world = await begin({ messageDays: 30 })
    const empty = await world.deliver({})
    const named = await world.deliver({ reference: 'autumn' })
    const full = await world.deliver({ reference: 'winter' })
    const young = await world.deliver({ created_at: CAME + 1 })
    await insertRows(database, { messages: [messageRow(full, { state: 'queued' })] })

    assert.equal(await purgeDeliveries(database, after(30) - 1), 0)
    assert.equal(await purgeDeliveries(database, after(30), { batch: 1 }), 1)
    assert.deepEqual(await world.deliveries(), [
      { id: named.id, reference: null },
      { id: full.id, reference: 'winter' },
      { id: young.id, reference: null },
    ])
    // A mail that joined it at the last moment holds it.
    await insertRows(database, { messages: [messageRow(named)] })
    assert.equal(await purgeDeliveries(database, after(30)), 0)
    await database.transact([database.query.deleteFrom('message').where('delivery_id', '=', named.id)])
    assert.equal(await purgeDeliveries(database, after(30)), 1)
    assert.ok(!(await world.deliveries()).some(({ id }) => id === empty.id || id === named.id))
  })

  it('ends between two commits when it is told to', async () => {
    const world = await begin({ messageDays: 30 })
    await world.store({}, [{}, {}, {}])
    const ending = new AbortController()
    const interrupted: Database = {
      ...database,
      transact: (statements) => {
        ending.abort()
        return database.transact(statements)
      },
    }
    assert.equal(await purgeMessages(interrupted, after(100), { batch: 1, signal: ending.signal }), 1)
    assert.equal((await world.messages()).length, 2)
  })

  if (engine.name === 'sqlite') {
    it('finds along indexes whose order it needs', async () => {
      const world = await begin({ messageDays: 30, mailDays: 1 })
      await world.store({}, [{ state: 'kept' }, { state: 'queued', accepted_at: CAME }])
      await world.keepMails()
      const plan = await planOf(database, async (spied) => {
        const counting = { ...spied, transact: async () => [[], []] as never }
        await purgeContents(counting, after(1_000))
        await purgeKeptMail(counting, after(1_000))
        await purgeMessages(counting, after(1_000))
        await purgeDeliveries(counting, after(1_000))
      })
      for (const index of [
        'content_by_service',
        'message_due',
        'message_under_way',
        'message_by_service',
        'delivery_by_service',
        'message_by_delivery',
      ]) {
        assert.match(plan, new RegExp(`${index} \\(`))
      }
      assert.doesNotMatch(plan, /SCAN (message|content|delivery)|PRIMARY KEY \(bucket=\?\)/)
    })
  }

  type World = Awaited<ReturnType<typeof begin>>

  async function begin(settings: NonNullable<ServiceChange['settings']>) {
    const { service } = await someService(database, { settings })
    const own = { service_id: service.id }
    const deliver = async (given: Partial<Tables['delivery']>) => {
      const delivery = deliveryRow({ ...own, created_at: CAME, ...given })
      await insertRows(database, { deliveries: [delivery] })
      return delivery
    }
    const messages = () =>
      database.read(
        database.query.selectFrom('message').selectAll().where('service_id', '=', service.id).orderBy('id'),
      )
    return {
      service,
      deliver,
      messages,
      /** A content, with messages of it. */
      store: async (given: Partial<Tables['content']>, rows: readonly Partial<MessageTable>[] = []) => {
        const content = contentRow({ ...own, stored_at: CAME, ...given })
        const delivery = await deliver({})
        const placed = rows.map((row) =>
          messageRow(delivery, { content_id: content.id, accepted_at: CAME, updated_at: CAME, ...row }),
        )
        await insertRows(database, { contents: [content], messages: placed })
        return content.id
      },
      keepMails: async () => {
        const mails = (await messages()).map(({ bucket, id }) => ({
          ...{ bucket, message_id: id, raw: Buffer.from('mail') },
        }))
        await database.transact([database.query.insertInto('kept_mail').values(mails)])
      },
      contents: async () => {
        const rows = database.query.selectFrom('content').select('id').where('service_id', '=', service.id)
        return (await database.read(rows.orderBy('id'))).map(({ id }) => id)
      },
      deliveries: () =>
        database.read(
          database.query
            .selectFrom('delivery')
            .select(['id', 'reference'])
            .where('service_id', '=', service.id)
            .orderBy('id'),
        ),
    }
  }
})
