import assert from 'node:assert/strict'
import { beforeEach, it } from 'node:test'
import type { ResendRequest } from '../../../src/delivery/outbox/resend.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { changeDelivery } from '../../../src/messages/change-delivery.ts'
import { findDelivery } from '../../../src/messages/delivery-store.ts'
import { purgeContents } from '../../../src/messages/purging/purge-contents.ts'
import { readDayTotals } from '../../../src/messages/reading/read-counts.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, type Installation, NOON, type Tenant } from '../../support/installation.ts'
import type { SmtpSink } from '../../support/smtp-sink.ts'
import { lift } from '../../suppression/changes.ts'
import { messagesOf, settled, someDelivery } from '../some-delivery.ts'
import { sharedRelaying } from './relaying.ts'

const SENDER_LIST = 'sender:news@example.com'

forEachEngine((engine) => {
  let sink: SmtpSink
  const shared = sharedRelaying(engine.name)
  let installation: Installation
  let capabilities: Installation['capabilities']
  let tenant: Tenant
  beforeEach(async () => {
    ;({ installation, sink } = shared())
    capabilities = installation.capabilities
    installation.time.now = Math.max(NOON, installation.time.now)
    tenant = await addTenant(installation)
    sink.messages.length = 0
  })

  it('mails those who may be mailed by now, by the messages that they always had, and nobody else', async () => {
    await tenant.stop(SENDER_LIST, 'mistaken@example.com', 'stopped@example.com')
    const id = await accept(['sent@example.com', 'mistaken@example.com', 'stopped@example.com'])
    const before = (await messagesOf(capabilities, id)).find(({ to }) => to === 'mistaken@example.com')
    await resume(['mistaken@example.com'])
    assert.deepEqual(await resend(id), { queued: 1, excluded: { [SENDER_LIST]: 1 }, expired: 0, unknown: [] })

    const rows = await settled(capabilities, id, 'sent', 'excluded')
    assert.deepEqual(rows.map(({ to, state }) => `${to} ${state}`).sort(), [
      'mistaken@example.com sent',
      'sent@example.com sent',
      'stopped@example.com excluded',
    ])
    const after = rows.find(({ to }) => to === 'mistaken@example.com')
    assert.deepEqual([after?.id, after?.messageId, after?.attempts], [before?.id, before?.messageId, 1])
    assert.deepEqual([after?.listId, after?.reason, after?.since], [null, null, null])
    assert.equal(sink.messages.filter(({ to }) => to.includes('mistaken@example.com')).length, 1)
    const day = { from: '2026-10-01', to: '2027-10-01' }
    const [total] = await readDayTotals(capabilities.database, tenant.service.id, day)
    assert.deepEqual([total?.accepted, total?.excluded, total?.sent], [2, 2, 2])
    assert.deepEqual((await resend(id)).queued, 0)
  })

  it('renews the list, the reason and the beginning of who is still excluded', async () => {
    await tenant.stop(SENDER_LIST, 'a@example.com')
    const id = await accept(['a@example.com'])
    await resume(['a@example.com'])
    installation.time.now += 1_000
    await tenant.stop('blocklist', 'a@example.com')
    assert.deepEqual((await resend(id)).excluded, { blocklist: 1 })
    const [message] = await messagesOf(capabilities, id)
    const { id: blocklist } = await resolveList(capabilities.database, tenant.service.id, 'blocklist')
    assert.deepEqual([message?.listId, message?.since], [blocklist, installation.time.now])
    assert.equal(message?.state, 'excluded')
  })

  it('asks again for those alone who are named, or whom the list excluded', async () => {
    await tenant.stop(SENDER_LIST, 'a@example.com', 'b@example.com')
    await tenant.stop('blocklist', 'c@example.com')
    const id = await accept(['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com'])
    await resume(['a@example.com', 'b@example.com'])
    const blocklist = await resolveList(capabilities.database, tenant.service.id, 'blocklist')
    assert.deepEqual(await resend(id, { listIds: [blocklist.id] }), {
      ...{ queued: 0, excluded: { blocklist: 1 }, expired: 0, unknown: [] },
    })
    const recipients = ['A@Example.com', 'd@example.com', 'nobody@example.com', 'none']
    assert.deepEqual(await resend(id, { recipients }), {
      ...{ queued: 1, excluded: {}, expired: 0, unknown: ['d@example.com', 'nobody@example.com', 'none'] },
    })
    const states = new Map(
      (await settled(capabilities, id, 'sent', 'excluded')).map((row) => [row.to, row.state]),
    )
    assert.deepEqual([states.get('a@example.com'), states.get('b@example.com')], ['sent', 'excluded'])
  })

  it('leaves it at what was overridden where the mail is transactional', async () => {
    await tenant.stop(SENDER_LIST, 'a@example.com')
    await tenant.stop('blocklist', 'a@example.com')
    const id = await accept(['a@example.com'], { transactional: true })
    await resume(['a@example.com'], 'blocklist')
    assert.equal((await resend(id)).queued, 1)
    const [message] = await settled(capabilities, id, 'sent')
    assert.equal(message?.listId, tenant.list.id)
  })

  it('refuses a delivery that is paused or cancelled, and one that there is not', async () => {
    await tenant.stop(SENDER_LIST, 'a@example.com')
    const id = await accept(['a@example.com'])
    await resume(['a@example.com'])
    for (const state of ['paused', 'cancelled'] as const) {
      await changeDelivery(capabilities.database, tenant.service, id, state, installation.time.now)
      await assert.rejects(resend(id), { code: 'wrong-state', message: `the delivery is ${state}` })
    }
    const stranger = await addTenant(installation)
    await assert.rejects(resend(id, { service: stranger.service }), { code: 'unknown-delivery' })
    assert.deepEqual((await findDelivery(capabilities.database, tenant.service.id, id)).messages, {
      excluded: 1,
    })
  })

  it('refuses what it said no longer, and keeps what it says anew', async () => {
    await tenant.stop(SENDER_LIST, 'a@example.com', 'b@example.com')
    const [kept, gone] = [await accept(['a@example.com']), await accept(['b@example.com'])]
    await resume(['a@example.com', 'b@example.com'])
    const { now } = installation.time
    installation.time.now += 13 * DAY_MS
    await resend(kept)
    await settled(capabilities, kept, 'sent')
    await purgeContents(capabilities.database, now + 14 * DAY_MS)
    await assert.rejects(resend(gone), { code: 'wrong-state', message: /is no longer kept/ })
    const contents = capabilities.database.query
      .selectFrom('content')
      .select('id')
      .where('id', 'in', [kept, gone])
    assert.deepEqual(await capabilities.database.read(contents), [{ id: kept }])
  })

  it('queues a message once when it is asked for by two at a time', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `twice${index}@example.com`)
    await tenant.stop(SENDER_LIST, ...names)
    const id = await accept(names)
    await resume(names)
    const answers = await Promise.all([resend(id), resend(id), resend(id)])
    assert.equal(
      answers.reduce((sum, { queued }) => sum + queued, 0),
      names.length,
    )
    await settled(capabilities, id, 'sent')
    assert.equal(sink.messages.length, names.length)
  })

  async function accept(
    recipients: string[],
    given: Parameters<typeof someDelivery>[2] = {},
  ): Promise<number> {
    const { id } = await capabilities.acceptDelivery(someDelivery(tenant, recipients, given))
    await settled(capabilities, id, 'sent', 'excluded')
    return id
  }

  function resend(deliveryId: number, given: Partial<ResendRequest> = {}) {
    return capabilities.resend({ service: tenant.service, deliveryId, ...given })
  }

  async function resume(addresses: readonly string[], ref = SENDER_LIST): Promise<void> {
    const { id } = await resolveList(capabilities.database, tenant.service.id, ref)
    for (const address of addresses) {
      await capabilities.recorder.record(lift('resume', id, address, { requestedAt: installation.time.now }))
    }
  }
})
