import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { bucketOf } from '../../src/messages/bucket.ts'
import { changeDelivery, findDelivery, insertDelivery } from '../../src/messages/delivery-store.ts'
import { findMessages } from '../../src/messages/message-view.ts'
import {
  type AttemptResult,
  claimDue,
  queueDepth,
  recoverBuckets,
  settleAttempts,
} from '../../src/messages/outbox-store.ts'
import type { MessageTable } from '../../src/storage/tables.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

const SERVICE = 1
const DELIVERY = 7
const ALL = { now: 1_000, most: 100 }

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)
  let database: ReturnType<typeof shared>
  before(() => {
    database = shared()
  })
  beforeEach(async () => {
    const tables = ['message', 'delivery', 'content', 'kept_mail'] as const
    await database.transact(tables.map((table) => database.query.deleteFrom(table)))
  })

  const leases = (epoch: number, ...buckets: number[]) => new Map(buckets.map((bucket) => [bucket, epoch]))
  const view = async () => (await findDelivery(database, SERVICE, DELIVERY)).messages

  describe('what is due', () => {
    it('is claimed from the leased buckets alone, the longest due first, as many as asked for', async () => {
      await store([message(1, 30), message(2, 10), message(65, 20), message(129, 40)])
      const claimed = await claimDue(database, leases(5, 1), { now: 35, most: 2 })
      assert.deepEqual(
        claimed.map(({ id, state, attempts, epoch }) => [id, state, attempts, epoch]).toSorted(),
        [
          [1, 'sending', 1, 5],
          [65, 'sending', 1, 5],
        ],
      )
      assert.deepEqual(await claimDue(database, leases(5, 1), { now: 35, most: 2 }), [])
      assert.deepEqual(await claimDue(database, leases(5), ALL), [])
      assert.deepEqual(await view(), { sending: 2, queued: 2 })
    })

    it('is not claimed of a delivery that is paused', async () => {
      await store([message(1)])
      await change('paused')
      assert.deepEqual(await claimDue(database, leases(1, 1), ALL), [])
      await change('active')
      assert.equal((await claimDue(database, leases(1, 1), ALL)).length, 1)
    })

    it('is claimed once by many who claim at the same time', async () => {
      await store(Array.from({ length: 200 }, (_, index) => message(1 + 64 * index)))
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => claimDue(database, leases(1, 1), { now: 1_000, most: 50 })),
      )
      const ids = claims.flat().map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
      assert.ok(ids.length >= 50)
    })
  })

  describe('a result', () => {
    it('is written with what the relay said', async () => {
      await store([message(1), message(2)])
      const claimed = await claimDue(database, leases(1, 1, 2), ALL)
      await settleAttempts(database, claimed.map(resultOf('sent', { reply: '250 OK' })), 2_000)
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
      await store([message(1)])
      const claimed = await claimDue(database, leases(1, 1), ALL)
      await recoverBuckets(database, leases(2, 1), 2_000)
      assert.deepEqual(await view(), { queued: 1 })
      const again = await claimDue(database, leases(2, 1), { now: 2_000, most: 10 })
      await settleAttempts(database, claimed.map(resultOf('failed')), 2_000)
      assert.deepEqual(await view(), { sending: 1 })
      await settleAttempts(database, again.map(resultOf('sent')), 2_000)
      assert.deepEqual(await view(), { sent: 1 })
    })

    it('counts although another holder has recovered the message, as long as that one has not begun', async () => {
      await store([message(1)])
      const claimed = await claimDue(database, leases(1, 1), ALL)
      await recoverBuckets(database, leases(2, 1), 2_000)
      await settleAttempts(database, claimed.map(resultOf('sent')), 2_000)
      assert.deepEqual(await view(), { sent: 1 })
    })

    it('keeps the mail beside it, once', async () => {
      await store([message(1)])
      const claimed = await claimDue(database, leases(1, 1), ALL)
      const raw = Buffer.from([0, 255, 13, 10])
      for (let count = 0; count < 2; count++) {
        await settleAttempts(database, claimed.map(resultOf('kept', { raw })), 2_000)
      }
      const rows = await database.read(database.query.selectFrom('kept_mail').selectAll())
      assert.deepEqual(
        rows.map(({ message_id, raw }) => [message_id, Buffer.from(raw)]),
        [[1, raw]],
      )
    })

    it('of a message to be tried again cancels it when its delivery was cancelled meanwhile', async () => {
      await store([message(1), message(2), message(3)])
      const claimed = await claimDue(database, leases(1, 1, 2, 3), ALL)
      const cancelled = await change('cancelled')
      assert.deepEqual(cancelled.messages, { sending: 3 })
      const [first, second] = claimed as [MessageTable, MessageTable]
      await settleAttempts(database, [resultOf('queued')(first), resultOf('sent')(second)], 2_000)
      assert.deepEqual(await view(), { cancelled: 1, sent: 1, sending: 1 })
      await recoverBuckets(database, leases(2, 1, 2, 3), 2_000)
      assert.deepEqual(await view(), { cancelled: 2, sent: 1 })
    })
  })

  describe('a bucket that changes hands', () => {
    it('gives attempts that its last holder never ended back to the queue, and no others', async () => {
      await store([message(1), message(2), message(65, 900_000)])
      await claimDue(database, leases(1, 1, 2), ALL)
      await recoverBuckets(database, leases(1, 1), 2_000)
      assert.deepEqual(await view(), { sending: 2, queued: 1 })
      await recoverBuckets(database, leases(2, 1), 2_000)
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
  })

  it('tells how many wait and for how long the oldest has been due', async () => {
    assert.deepEqual(await queueDepth(database, 500), { depth: 0, oldestMs: 0 })
    await store([message(1, 100), message(2, 300), message(3, 100, 'sent')])
    assert.deepEqual(await queueDepth(database, 500), { depth: 2, oldestMs: 400 })
    assert.deepEqual(await queueDepth(database, 50), { depth: 2, oldestMs: 0 })
  })

  it('pages through messages by id and state', async () => {
    await store([message(1), message(2, 0, 'excluded'), message(3), message(4)])
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

  function store(messages: MessageTable[]): Promise<void> {
    const delivery = {
      id: DELIVERY,
      service_id: SERVICE,
      request_id: null,
      reference: null,
      fingerprint: '',
      from_address: 'news@example.com',
      subject: '',
      transactional: 0,
      state: 'active',
      send_at: 0,
      answer_json: '{}',
      created_by: '',
      created_at: 0,
    } as const
    const content = { id: DELIVERY, template_json: '{}', raw: null, return_path: null, stored_at: 0 }
    return insertDelivery(database, delivery, content, messages)
  }
})

function message(id: number, dueAt = 0, state: MessageTable['state'] = 'queued'): MessageTable {
  return {
    bucket: bucketOf(id),
    id,
    delivery_id: DELIVERY,
    content_id: DELIVERY,
    service_id: SERVICE,
    address: `r${id}@example.com`,
    address_key: `r${id}@example.com`,
    substitutions_json: null,
    unsubscribe_url: null,
    state,
    excluded_list_id: null,
    excluded_reason: null,
    excluded_since: null,
    attempts: 0,
    lane: 1,
    due_at: dueAt,
    epoch: 0,
    reply: null,
    message_id: `7.${id}@example.com`,
    accepted_at: 0,
    updated_at: 0,
  }
}

function resultOf(state: AttemptResult['state'], more: Partial<AttemptResult> = {}) {
  return ({ bucket, id, epoch, attempts, due_at }: MessageTable): AttemptResult => ({
    bucket,
    id,
    epoch,
    state,
    attempts,
    due_at,
    reply: null,
    excluded_list_id: null,
    excluded_reason: null,
    excluded_since: null,
    ...more,
  })
}
