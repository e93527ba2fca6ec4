import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type Compilable, sql } from 'kysely'
import { cancelUntouched } from '../../src/messages/cancel-untouched.ts'
import { changeDelivery } from '../../src/messages/change-delivery.ts'
import { findDelivery } from '../../src/messages/delivery-store.ts'
import { createClaims } from '../../src/messages/sending/claim-due.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { DAY, DELIVERY, message, SENDER, SERVICE, storeDelivery } from './one-delivery.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)
  let database: ReturnType<typeof shared>
  before(() => {
    database = shared()
  })
  beforeEach(async () => {
    const tables = ['message', 'delivery', 'content', 'kept_mail', 'day_count'] as const
    await database.transact(tables.map((table) => database.query.deleteFrom(table)))
  })

  const view = async () => (await findDelivery(database, SERVICE.id, DELIVERY)).messages
  const counts = async () => {
    const rows = await database.read(
      database.query.selectFrom('day_count').selectAll().orderBy('outcome').orderBy('list_id'),
    )
    return rows.map(({ day, sender, outcome, list_id, count }) => [day, sender, outcome, list_id, count])
  }

  describe('a delivery that is cancelled whole or not at all', () => {
    const cancel = () => cancelUntouched(database, SERVICE, DELIVERY, 1_500)

    it('is cancelled as long as everything of it waits, and once', async () => {
      await storeDelivery(database, [message(1), message(2, 0, 'excluded')])
      const answers = await Promise.all([cancel(), cancel()])
      assert.deepEqual(answers.map(({ isCancelled }) => isCancelled).toSorted(), [false, true])
      assert.deepEqual(await view(), { cancelled: 1, excluded: 1 })
      assert.deepEqual(await counts(), [[DAY, SENDER, 'cancelled', 0, 1]])
    })

    it('stays as it is once anything of it has begun, or when nothing of it waits', async () => {
      await storeDelivery(database, [message(1), message(2)])
      const claims = createClaims(database)
      await claims.claim(await claims.findDue([1], 1_000), new Map([[1, 1]]), { now: 1_000, most: 100 })
      const { isCancelled, delivery } = await cancel()
      assert.deepEqual([isCancelled, delivery.state], [false, 'active'])
      assert.deepEqual(delivery.messages, { sending: 1, queued: 1 })
    })

    it('stays as it is while a claim is being written, which nobody else can see yet', async () => {
      await storeDelivery(database, [message(1), message(2)])
      const { query } = database
      const writing = slowly(query.updateTable('message').set({ state: 'sending' }).where('id', '=', 1))
      if (engine.name === 'postgres') await setTimeout(100)
      assert.equal((await cancel()).isCancelled, false)
      await writing
      assert.deepEqual(await view(), { sending: 1, queued: 1 })
    })
  })

  it('is not taken up again by who asks while another one cancels it', async () => {
    await storeDelivery(database, [message(1)])
    const { query } = database
    const cancelling = slowly(query.updateTable('delivery').set({ state: 'cancelled' }))
    if (engine.name === 'postgres') await setTimeout(100)
    await assert.rejects(changeDelivery(database, SERVICE, DELIVERY, 'active', 1_500), {
      code: 'wrong-state',
    })
    await cancelling
  })

  /** A change that PostgreSQL commits only after a while; until then nobody sees it. */
  function slowly(statement: Compilable) {
    const pause = sql`select pg_sleep(0.4)`
    const then = engine.name === 'postgres' ? [{ compile: () => pause.compile(database.query) }] : []
    return database.transact([statement, ...then])
  }
})
