import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { createAcceptDelivery } from '../../../src/delivery/accept/accept.ts'
import type { DeliveryRequest } from '../../../src/delivery/accept/delivery-request.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { DomainError } from '../../../src/kernel/domain-error.ts'
import { changeDelivery } from '../../../src/messages/change-delivery.ts'
import { findDelivery } from '../../../src/messages/delivery-store.ts'
import { searchDeliveries } from '../../../src/messages/reading/search-deliveries.ts'
import { createInsertMail } from '../../../src/messages/sending/insert-mail.ts'
import { serviceListsReader } from '../../../src/tenants/service-lists.ts'
import { forEachEngine } from '../../support/engines.ts'
import {
  addTenant,
  type Installation,
  NOON,
  sharedInstallation,
  type Tenant,
} from '../../support/installation.ts'
import { messagesOf, someDelivery } from '../some-delivery.ts'

const SENDER_LIST = 'sender:news@example.com'

forEachEngine((engine) => {
  const shared = sharedInstallation(engine.name)
  let installation: Installation
  let capabilities: Installation['capabilities']
  let tenant: Tenant
  beforeEach(async () => {
    installation = shared()
    capabilities = installation.capabilities
    installation.time.now = NOON
    tenant = await addTenant(installation)
  })

  describe('a request id', () => {
    it('answers a repeat what the first was answered, and stores nothing more', async () => {
      const recipients = ['a@example.com', 'bad', 'A@example.com']
      const request = someDelivery(tenant, recipients, { requestId: 'r-1' })
      const first = await capabilities.acceptDelivery(request)
      await tenant.stop(SENDER_LIST, 'a@example.com')
      installation.time.now += DAY_MS
      assert.deepEqual(await capabilities.acceptDelivery(structuredClone(request)), {
        ...first,
        replayed: true,
      })
      assert.equal((await deliveriesOf(tenant)).length, 1)
    })

    it('answers a repeat of what 0.1.0 accepted, whose answers count no duplicates', async () => {
      const request = someDelivery(tenant, ['a@example.com', 'a@example.com'], { requestId: 'r-1' })
      const { id } = await capabilities.acceptDelivery(request)
      const { database } = capabilities
      const answer_json = JSON.stringify({ id, accepted: 2, excluded: {}, malformed: [] })
      await database.transact([
        database.query.updateTable('delivery').set({ answer_json }).where('id', '=', id),
      ])
      const answer = {
        id,
        accepted: 2,
        excluded: {},
        malformed: [],
        duplicates: 0,
        copies: 0,
        replayed: true,
      }
      assert.deepEqual(await capabilities.acceptDelivery(request), answer)
    })

    it('is refused for a different delivery, and free again in another service', async () => {
      const raw = (text: string) => Buffer.from(`From: news@example.com\nSubject: x\n\n${text}\n`)
      await capabilities.acceptDelivery(someDelivery(tenant, ['a@example.com'], { requestId: 'r-1' }))
      await capabilities.acceptDelivery(
        someDelivery(tenant, ['a@example.com'], { requestId: 'r-2', raw: raw('1') }),
      )
      for (const request of [
        someDelivery(tenant, ['b@example.com'], { requestId: 'r-1' }),
        someDelivery(tenant, ['a@example.com'], { requestId: 'r-1', text: 'Other\n' }),
        someDelivery(tenant, ['a@example.com'], { requestId: 'r-1', sendAt: NOON + 1 }),
        someDelivery(tenant, ['a@example.com'], { requestId: 'r-2', raw: raw('2') }),
      ]) {
        await refused(request, 'request-id-reused', 'requestId')
      }
      const other = await addTenant(installation)
      const elsewhere = await capabilities.acceptDelivery(
        someDelivery(other, ['b@example.com'], { requestId: 'r-1' }),
      )
      assert.equal(elsewhere.replayed, false)
    })

    it('makes one delivery of identical requests that come at the same time', async () => {
      const request = someDelivery(tenant, ['a@example.com'], { requestId: 'r-1' })
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => capabilities.acceptDelivery(request)),
      )
      assert.equal(new Set(answers.map(({ id }) => id)).size, 1)
      assert.equal(answers.filter(({ replayed }) => !replayed).length, 1)
      const [only, ...more] = await deliveriesOf(tenant)
      assert.deepEqual([only?.id, more.length], [answers[0]?.id, 0])
      assert.deepEqual(only?.messages, { queued: 1 })
    })

    it('makes one delivery of different requests that come at the same time, and refuses the others', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          capabilities.acceptDelivery(someDelivery(tenant, [`r${index}@example.com`], { requestId: 'r-1' })),
        ),
      )
      const codes = outcomes.map((outcome) =>
        outcome.status === 'fulfilled' ? 'accepted' : (outcome.reason as DomainError).code,
      )
      assert.deepEqual(codes.toSorted(), ['accepted', ...Array(9).fill('request-id-reused')])
      assert.equal((await deliveriesOf(tenant)).length, 1)
    })
  })

  describe('a reference', () => {
    const under = (reference: string, to: string, given: Partial<DeliveryRequest> = {}) =>
      capabilities.acceptDelivery(someDelivery(tenant, [to], { reference, ...given }))

    it('makes one delivery of mails that come one by one, each with its own content', async () => {
      const later = { sendAt: installation.time.now + DAY_MS }
      const first = await under('autumn', 'a@example.com', { ...later, subject: 'A' })
      const second = await under('autumn', 'b@example.com', { ...later, subject: 'B' })
      const other = await under('winter', 'c@example.com', later)
      assert.equal(second.id, first.id)
      assert.notEqual(other.id, first.id)
      assert.deepEqual(
        (await messagesOf(capabilities, first.id)).map(({ to }) => to),
        ['a@example.com', 'b@example.com'],
      )
      const contents = await capabilities.database.read(
        capabilities.database.query
          .selectFrom('content as c')
          .innerJoin('message as m', 'm.content_id', 'c.id')
          .select('c.template_json')
          .where('m.delivery_id', '=', first.id)
          .orderBy('m.id'),
      )
      assert.deepEqual(
        contents.map(({ template_json }) => JSON.parse(template_json).subject),
        ['A', 'B'],
      )
    })

    it('makes one of those that come at the same moment', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `r${index}@example.com`)
      const answers = await Promise.all(names.map((to) => under('rush', to)))
      assert.equal(new Set(answers.map(({ id }) => id)).size, 1)
      assert.equal((await messagesOf(capabilities, answers[0]?.id ?? 0)).length, 20)
    })

    it('keeps apart what comes from another sender, or is transactional', async () => {
      await tenant.addSender({ address: 'shop@example.com' })
      const ids = [
        await under('mixed', 'a@example.com'),
        await under('mixed', 'a@example.com', { from: { address: 'shop@example.com' } }),
        await under('mixed', 'a@example.com', { transactional: true }),
      ].map(({ id }) => id)
      assert.equal(new Set(ids).size, 3)
    })

    it('begins nothing of a delivery that is cancelled while the mail is being stored', async () => {
      const done: string[] = []
      const insertMail = createInsertMail(capabilities.database)
      const accept = createAcceptDelivery({
        ...capabilities,
        deliveryIds: capabilities.ids.delivery,
        messageIds: capabilities.ids.message,
        readServiceLists: serviceListsReader(capabilities.database),
        insertMail: async (mail) => {
          const id = mail.delivery ? undefined : mail.messages[0]?.delivery_id
          if (id !== undefined) {
            await changeDelivery(
              capabilities.database,
              tenant.service,
              id,
              'cancelled',
              installation.time.now,
            )
          }
          await insertMail(mail)
        },
        handOff: {
          wake: () => {},
          take: () => ({
            epochOf: () => 1,
            hold: () => {},
            begin: () => void done.push('begun'),
            release: () => void done.push('released'),
          }),
        },
        onAccepted: () => {},
      })
      for (const to of ['a@example.com', 'b@example.com']) {
        await accept(someDelivery(tenant, [to], { reference: 'ending' }))
      }
      assert.deepEqual(done, ['begun', 'released'])
    })

    it('of a paused delivery makes mail wait with it, of a cancelled one refuses it', async () => {
      const { id } = await under('halted', 'a@example.com', { sendAt: installation.time.now + DAY_MS })
      const change = (state: 'active' | 'paused' | 'cancelled') =>
        changeDelivery(capabilities.database, tenant.service, id, state, installation.time.now)
      await change('paused')
      await under('halted', 'b@example.com')
      const parked = await capabilities.database.read(
        capabilities.database.query
          .selectFrom('message')
          .select(['address', 'lane'])
          .where('delivery_id', '=', id)
          .orderBy('id'),
      )
      assert.deepEqual(
        parked.map(({ lane }) => lane),
        [11, 11],
      )
      await change('cancelled')
      await assert.rejects(under('halted', 'c@example.com'), (error: DomainError) => {
        assert.deepEqual([error.code, error.field], ['wrong-state', 'reference'])
        return true
      })
      assert.deepEqual((await findDelivery(capabilities.database, tenant.service.id, id)).messages, {
        cancelled: 2,
      })
    })
  })

  async function refused(request: DeliveryRequest, code: string, field: string): Promise<void> {
    await assert.rejects(capabilities.acceptDelivery(request), (error) => {
      assert.ok(error instanceof DomainError)
      assert.deepEqual([error.code, error.field], [code, field])
      return true
    })
  }

  async function deliveriesOf({ service }: Tenant) {
    const { items } = await searchDeliveries(capabilities.database, { serviceId: service.id, limit: 100 })
    return items
  }
})
