import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { createRefusalStatements } from '../../src/delivery/outbox/refusal-statements.ts'
import { changeDelivery } from '../../src/messages/change-delivery.ts'
import { findDelivery } from '../../src/messages/delivery-store.ts'
import { findMessages } from '../../src/messages/reading/find-messages.ts'
import { queueDepth } from '../../src/messages/reading/queue-depth.ts'
import { createClaims } from '../../src/messages/sending/claim-due.ts'
import { recoverBuckets } from '../../src/messages/sending/recover-buckets.ts'
import { type AttemptResult, createSettleAttempts } from '../../src/messages/sending/settle-attempts.ts'
import type { MessageTable } from '../../src/storage/mail-tables.ts'
import { NOBODY_ERASED } from '../../src/suppression/erased/erased.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { DAY, DELIVERY, message, SENDER, SERVICE, storeDelivery } from './one-delivery.ts'

const ALL = { now: 1_000, most: 100 }

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

  const leases = (epoch: number, ...buckets: number[]) => new Map(buckets.map((bucket) => [bucket, epoch]))
  const view = async () => (await findDelivery(database, SERVICE.id, DELIVERY)).messages
  const claim = async (epochs: Map<number, number>, { now, most }: { now: number; most: number }) => {
    const claims = createClaims(database)
    return claims.claim(await claims.findDue(epochs.keys(), now), epochs, { now, most })
  }
  const settling = () =>
    createSettleAttempts(database, createRefusalStatements({ database, erased: NOBODY_ERASED }))
  const settle = (results: AttemptResult[], now: number) => settling()(results, now)
  const counts = async () => {
    const rows = await database.read(
      database.query.selectFrom('day_count').selectAll().orderBy('outcome').orderBy('list_id'),
    )
    return rows.map(({ day, sender, outcome, list_id, count }) => [day, sender, outcome, list_id, count])
  }

  describe('what is due', () => {
    it('is claimed from the leased buckets alone, the longest due first, as many as asked for', async () => {
      await storeDelivery(database, [message(1, 30), message(2, 10), message(65, 20), message(129, 40)])
      const claimed = await claim(leases(5, 1), { now: 35, most: 2 })
      assert.deepEqual(
        claimed.map(({ id, state, attempts, epoch }) => [id, state, attempts, epoch]).toSorted(),
        [
          [1, 'sending', 1, 5],
          [65, 'sending', 1, 5],
        ],
      )
      assert.deepEqual(await claim(leases(5, 1), { now: 35, most: 2 }), [])
      assert.deepEqual(await claim(leases(5), ALL), [])
      assert.deepEqual(await view(), { sending: 2, queued: 2 })
    })

    it('is claimed of transactional mail first, and from every bucket alike', async () => {
      await storeDelivery(database, [
        ...Array.from({ length: 5 }, (_, index) => message(1 + 64 * index, index)),
        message(2, 50),
        { ...message(3, 90), lane: 0 },
      ])
      const claims = createClaims(database)
      const epochs = leases(1, 1, 2, 3, 4)
      const due = await claims.findDue(epochs.keys(), 100)
      assert.deepEqual(
        due.map(({ bucket, lane }) => [bucket, lane]),
        [
          [3, 0],
          [1, 1],
          [2, 1],
        ],
      )
      const claimed = await claims.claim(due, epochs, { now: 100, most: 2 })
      assert.deepEqual(
        claimed.map(({ id }) => id),
        [3, 1, 65, 2],
      )
    })

    it('is not claimed of a delivery that is paused', async () => {
      await storeDelivery(database, [message(1)])
      await change('paused')
      assert.deepEqual(await claim(leases(1, 1), ALL), [])
      await change('active')
      assert.equal((await claim(leases(1, 1), ALL)).length, 1)
    })

    it('follows the state of its delivery, also when a pause and a resume come at the same time', async () => {
      await storeDelivery(
        database,
        Array.from({ length: 4_500 }, (_, index) => message(1 + index)),
      )
      for (let round = 0; round < 4; round++) {
        await Promise.all([change('paused'), change('active'), change('paused'), change('active')])
        const { state } = await findDelivery(database, SERVICE.id, DELIVERY)
        const lanes = await database.read(database.query.selectFrom('message').select('lane').distinct())
        assert.deepEqual(lanes, [{ lane: state === 'paused' ? 11 : 1 }])
      }
    })

    it('is claimed once by many who claim at the same time', async () => {
      await storeDelivery(
        database,
        Array.from({ length: 200 }, (_, index) => message(1 + 64 * index)),
      )
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => claim(leases(1, 1), { now: 1_000, most: 50 })),
      )
      const ids = claims.flat().map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
      assert.ok(ids.length >= 50)
    })
  })

  describe('a result', () => {
    it('is written with what the relay said', async () => {
      await storeDelivery(database, [message(1), message(2)])
      const claimed = await claim(leases(1, 1, 2), ALL)
      await settle(claimed.map(resultOf('sent', { reply: '250 OK' })), 2_000)
      const rows = await findMessages(database, DELIVERY, { limit: 10 })
      assert.deepEqual(
        rows.map(({ state, reply, updatedAt }) => [state, reply, updatedAt]),
        [
          ['sent', '250 OK', 2_000],
          ['sent', '250 OK', 2_000],
        ],
      )
    })

    it('changes nothing once the bucket has another holder', async () => {
      await storeDelivery(database, [message(1)])
      const claimed = await claim(leases(1, 1), ALL)
      await recoverBuckets(database, leases(2, 1), { now: 2_000, kept: [], orphanedBefore: 0 })
      assert.deepEqual(await view(), { queued: 1 })
      const again = await claim(leases(2, 1), { now: 2_000, most: 10 })
      await settle(claimed.map(resultOf('failed')), 2_000)
      assert.deepEqual(await view(), { sending: 1 })
      await settle(again.map(resultOf('sent')), 2_000)
      assert.deepEqual(await view(), { sent: 1 })
    })

    it('counts although another holder has recovered the message, as long as that one has not begun', async () => {
      await storeDelivery(database, [message(1)])
      const claimed = await claim(leases(1, 1), ALL)
      await recoverBuckets(database, leases(2, 1), { now: 2_000, kept: [], orphanedBefore: 0 })
      await settle(claimed.map(resultOf('sent')), 2_000)
      assert.deepEqual(await view(), { sent: 1 })
    })

    it('is counted once, by its day, sender and list, and only when it was written', async () => {
      await storeDelivery(database, [message(1), message(2), message(3), message(4), message(5)])
      const claimed = await claim(leases(1, 1, 2, 3, 4, 5), ALL)
      const [one, two, three, four, five] = claimed as [
        MessageTable,
        MessageTable,
        MessageTable,
        MessageTable,
        MessageTable,
      ]
      const excluded = resultOf('excluded', { excluded_list_id: 9 })
      const results = [
        resultOf('sent')(one),
        resultOf('sent')(two),
        excluded(three),
        resultOf('queued')(four),
      ]
      await settle(results, 2_000)
      await settle(results, 2_000)
      await settle([{ ...resultOf('sent')(five), epoch: 99 }], 2_000)
      await settle([{ ...resultOf('queued')(five), sender: null, day: null }], 2_000)
      assert.deepEqual(await counts(), [
        [DAY, SENDER, 'excluded', 9, 1],
        [DAY, SENDER, 'sent', 0, 2],
      ])
      await change('cancelled')
      assert.deepEqual((await counts())[0], [DAY, SENDER, 'cancelled', 0, 2])
    })

    it('of a message to be tried again parks it when its delivery was paused meanwhile', async () => {
      await storeDelivery(database, [message(1)])
      const claimed = await claim(leases(1, 1), ALL)
      await change('paused')
      await settle(claimed.map(resultOf('queued')), 2_000)
      assert.deepEqual(await claim(leases(1, 1), ALL), [])
      await change('active')
      assert.equal((await claim(leases(1, 1), ALL)).length, 1)
    })

    it('keeps the mail beside it, once', async () => {
      await storeDelivery(database, [message(1)])
      const claimed = await claim(leases(1, 1), ALL)
      const raw = Buffer.from([0, 255, 13, 10])
      for (let count = 0; count < 2; count++) {
        await settle(claimed.map(resultOf('kept', { raw })), 2_000)
      }
      const rows = await database.read(database.query.selectFrom('kept_mail').selectAll())
      assert.deepEqual(
        rows.map(({ message_id, raw }) => [message_id, Buffer.from(raw)]),
        [[1, raw]],
      )
    })

    it('of a message to be tried again cancels it when its delivery was cancelled meanwhile', async () => {
      await storeDelivery(database, [message(1), message(2), message(3)])
      const claimed = await claim(leases(1, 1, 2, 3), ALL)
      const cancelled = await change('cancelled')
      assert.deepEqual(cancelled.messages, { sending: 3 })
      const [first, second] = claimed as [MessageTable, MessageTable]
      await settle([resultOf('queued')(first), resultOf('sent')(second)], 2_000)
      assert.deepEqual(await view(), { cancelled: 1, sent: 1, sending: 1 })
      await recoverBuckets(database, leases(2, 1, 2, 3), { now: 2_000, kept: [], orphanedBefore: 0 })
      // Whoever claims it cancels and counts it.
      assert.deepEqual(await view(), { cancelled: 1, sent: 1, queued: 1 })
    })
  })

  describe('a bucket that changes hands', () => {
    it('gives attempts that its last holder never ended back to the queue, and no others', async () => {
      await storeDelivery(database, [message(1), message(2), message(65, 900_000)])
      await claim(leases(1, 1, 2), ALL)
      await recoverBuckets(database, leases(1, 1), { now: 2_000, kept: [], orphanedBefore: 0 })
      assert.deepEqual(await view(), { sending: 2, queued: 1 })
      await recoverBuckets(database, leases(2, 1), { now: 2_000, kept: [], orphanedBefore: 0 })
      const rows = await findMessages(database, DELIVERY, { limit: 10 })
      assert.deepEqual(
        rows.map(({ id, state, dueAt }) => [id, state, dueAt]),
        [
          [1, 'queued', 2_000],
          [2, 'sending', null],
          [65, 'queued', 900_000],
        ],
      )
    })

    it('gives back what was begun under its own lease without its knowledge, and leaves what it makes alone', async () => {
      await storeDelivery(database, [message(1), message(65), message(129)])
      await claim(leases(1, 1), { now: 1_000, most: 2 })
      await claim(leases(1, 1), { now: 5_000, most: 1 })
      await recoverBuckets(database, leases(1, 1), { now: 9_000, kept: [1], orphanedBefore: 4_000 })
      const rows = await findMessages(database, DELIVERY, { limit: 10 })
      assert.deepEqual(
        rows.map(({ id, state }) => [id, state]),
        [
          [1, 'sending'],
          [65, 'queued'],
          [129, 'sending'],
        ],
      )
    })
  })

  it('tells how many wait and for how long the oldest has been due', async () => {
    assert.deepEqual(await queueDepth(database, 500), { depth: 0, oldestMs: 0 })
    await storeDelivery(database, [message(1, 100), message(2, 300), message(3, 100, 'sent')])
    assert.deepEqual(await queueDepth(database, 500), { depth: 2, oldestMs: 400 })
    assert.deepEqual(await queueDepth(database, 50), { depth: 2, oldestMs: 0 })
  })

  it('pages through messages by id and state', async () => {
    await storeDelivery(database, [message(1), message(2, 0, 'excluded'), message(3), message(4)])
    const page = async (given: Omit<Parameters<typeof findMessages>[2], 'limit'>) =>
      (await findMessages(database, DELIVERY, { limit: 2, ...given })).map(({ id }) => id)
    assert.deepEqual(await page({}), [1, 2])
    assert.deepEqual(await page({ after: 2 }), [3, 4])
    assert.deepEqual(await page({ after: 1, state: 'queued' }), [3, 4])
    assert.deepEqual(await page({ state: 'excluded' }), [2])
  })

  function change(state: 'active' | 'paused' | 'cancelled') {
    return changeDelivery(database, SERVICE, DELIVERY, state, 1_500)
  }
})

function resultOf(state: AttemptResult['state'], more: Partial<AttemptResult> = {}) {
  return ({ bucket, id, epoch, attempts, lane, due_at }: MessageTable): AttemptResult => ({
    bucket,
    id,
    epoch,
    state,
    deliveryId: DELIVERY,
    sender: SENDER,
    day: DAY,
    lane,
    attempts,
    due_at,
    reply: null,
    excluded_list_id: null,
    excluded_reason: null,
    excluded_since: null,
    ...more,
  })
}
