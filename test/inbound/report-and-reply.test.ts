import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { createRefusalStatements } from '../../src/delivery/outbox/refusal-statements.ts'
import { returnPathOf } from '../../src/delivery/relay/return-path.ts'
import { dayOf } from '../../src/kernel/calendar.ts'
import type { Refusal } from '../../src/messages/sending/refusal.ts'
import { createSettleAttempts } from '../../src/messages/sending/settle-attempts.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { someDelivery } from '../delivery/some-delivery.ts'
import { bounceOf, DOMAIN } from '../entry/smtp/incoming.ts'
import { addTenant, install } from '../support/installation.ts'

/*
 * A report of a message comes in while the relay's own refusal of it is written, on two connections. Whoever is first is held where it
 * has counted and not yet committed: it waits for a counter of the day that the test holds.
 */

const FULL = { status: '4.2.2', code: 'smtp; 452 4.2.2 mailbox full' }
const UNAUTHENTICATED = { status: '5.7.26', code: 'smtp; 550 5.7.26 This mail is unauthenticated' }

for (const first of ['the report', 'the reply'] as const) {
  it(`counts a passing failure once when a report and the relay’s reply tell of it at once, ${first} first`, async (t) => {
    const race = await prepare(t, 'soft')
    await race.run(first, FULL)
    assert.equal(await race.tenths(), 10)
  })

  it(`counts once what blames the sender when both tell of it at once, ${first} first`, async (t) => {
    const race = await prepare(t, 'ours')
    await race.run(first, UNAUTHENTICATED)
    assert.equal(await race.blamed(), 1)
  })
}

async function prepare(t: TestContext, class_: 'soft' | 'ours') {
  const installation = await install(t, 'postgres', {
    env: { KAIJO_INBOUND_DOMAIN: DOMAIN },
  })
  const { capabilities, time } = installation
  const { database, keyring, inbound, erased } = capabilities
  const tenant = await addTenant(installation)
  const { service, sender } = tenant
  const delivery = await capabilities.acceptDelivery(someDelivery(tenant, ['full@example.jp']))
  const underWay = { state: 'sending', attempts: 1, epoch: 1 } as const
  const [message] = await database
    .transact([
      database.query
        .updateTable('message')
        .set(underWay)
        .where('delivery_id', '=', delivery.id)
        .returningAll(),
    ])
    .then(([rows]) => rows)
  assert.ok(message)
  const day = dayOf(time.now, service.timeZone)
  const counters = ['returned', 'failed', 'blamed'].map((outcome) => ({
    ...{ service_id: service.id, day, sender: sender.addressKey, list_id: 0, count: 0 },
    outcome: outcome as 'failed',
  }))
  await database.transact([database.query.insertInto('day_count').values(counters)])

  const mailFrom = { returnPath: null, from: { address: sender.address, key: sender.addressKey } }
  const returnPath = returnPathOf({ inboundDomain: DOMAIN, keyring })(message, mailFrom as never)
  const report = (failure: typeof FULL) =>
    inbound.receiveMail({
      raw: Buffer.from(bounceOf({ to: 'full@example.jp', raw: 'Subject: News\r\n\r\n' }, failure)),
      ...{ sender: '', recipient: returnPath, clientAddress: null, helo: null },
      ...{ receivedAt: time.now, vouchedBy: 'nobody' },
    })
  const hardBounces = await resolveList(database, service.id, 'hard-bounces')
  const hardBounce = {
    listId: hardBounces.id,
    recipient: { address: message.address, key: message.address_key },
    requestedAt: time.now,
    ...{ source: 'smtp-reply' as const, reason: 'error-count' as const, evidence: null },
    messageId: message.message_id,
    mailedAt: message.accepted_at,
  } as const
  const refusal: Refusal =
    class_ === 'ours' ? { class: 'ours' } : { class: 'soft', serviceId: service.id, stop: hardBounce }
  const settle = createSettleAttempts(database, createRefusalStatements({ database, erased }))
  const { bucket, id, epoch, lane, due_at, delivery_id: deliveryId } = message
  const reply = () =>
    settle(
      [
        {
          ...{ bucket, id, epoch, lane, due_at, deliveryId, attempts: 1, state: 'failed', refusal, day },
          ...{ excluded_list_id: null, excluded_reason: null, excluded_since: null },
          sender: sender.addressKey,
          reply: '452 4.2.2 mailbox full',
        },
      ],
      time.now,
    )

  const { database: target } = capabilities.config
  assert.equal(target.kind, 'postgres')
  const holder = new pg.Client({ connectionString: target.url })
  const waiting = sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  const untilWaiting = async (count: number) => {
    const statement = { compile: () => waiting.compile(database.query) }
    while ((await database.read(statement)).length < count) await sleep(5)
  }
  return {
    run: async (who: 'the report' | 'the reply', failure: typeof FULL) => {
      await holder.connect()
      await holder.query('begin')
      await holder.query('select 1 from day_count for update')
      const tellers = [() => report(failure), reply]
      if (who === 'the reply') tellers.reverse()
      const told: Promise<unknown>[] = []
      for (const tell of tellers) {
        told.push(tell())
        await untilWaiting(told.length)
      }
      await holder.end()
      await Promise.all(told)
    },
    tenths: async () => {
      const [row] = await database.read(database.query.selectFrom('error_count').select('tenths'))
      return row?.tenths
    },
    blamed: async () => {
      const rows = database.query.selectFrom('day_count').select('count').where('outcome', '=', 'blamed')
      return (await database.read(rows))[0]?.count
    },
  }
}
