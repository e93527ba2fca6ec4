import assert from 'node:assert/strict'
import { it } from 'node:test'
import { mailLoader } from '../../../src/delivery/content/load-mail.ts'
import { type Attempt, planAttempts, renewAttempt } from '../../../src/delivery/outbox/plan-attempts.ts'
import type { Address } from '../../../src/kernel/address.ts'
import { createSettleAttempts } from '../../../src/messages/sending/settle-attempts.ts'
import type { Database } from '../../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import type { MessageTable } from '../../../src/storage/mail-tables.ts'
import { createErasePerson } from '../../../src/subscribers/erase/erase-person.ts'
import { createErasures } from '../../../src/subscribers/erase/erasures.ts'
import { createJoin } from '../../../src/subscribers/join.ts'
import { tracesOf } from '../../storage/traces-of.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, sharedInstallation, type Tenant } from '../../support/installation.ts'
import { eraseFrom } from './erase-from.ts'

const TARO = { address: 'Taro@例え.jp', key: 'taro@xn--r8jz45g.jp', domain: 'xn--r8jz45g.jp' }
const TRACE = /taro@/i
const FROM = { address: 'news@example.com' }

forEachEngine(({ name: engine }) => {
  const shared = sharedInstallation(engine)
  const { accept, erase } = {
    accept: ({ service }: Tenant, to: string[], text = 'Hello') =>
      shared().capabilities.acceptDelivery({
        ...{ service, from: FROM, subject: 'News', text, transactional: false, createdBy: 'test' },
        recipients: to.map((address) => ({ to: address })),
      }),
    erase: ({ service }: Tenant, person: Address = TARO) =>
      eraseFrom(shared().capabilities, service.siteId, person),
  }

  /** The messages of a tenant, as a worker has claimed them. */
  async function claimed({ service }: Tenant): Promise<MessageTable[]> {
    const { database } = shared().capabilities
    const { query } = database
    const begun = { state: 'sending', attempts: 1, epoch: 7 } as const
    await database.transact([query.updateTable('message').set(begun).where('service_id', '=', service.id)])
    return database.read(query.selectFrom('message').selectAll().where('service_id', '=', service.id))
  }

  it('excludes at every step, and is whole when it is repeated, wherever it was cut off', async () => {
    const { capabilities, time } = shared()
    const { database, clock, erased } = capabilities
    const tenant = await addTenant(shared())
    const { service } = tenant
    await createJoin(database, clock, erased)({ service, recipient: TARO, via: 'api' })
    await accept(tenant, [TARO.address, 'hanako@example.jp'], `Taro@例え.jp and ${TARO.key}`)
    await accept(tenant, [TARO.key], 'For one')
    await capabilities.recorder.record({
      ...{ kind: 'stop', listId: tenant.list.id, recipient: TARO, requestedAt: time.now, source: 'api' },
      ...{ reason: 'listed', messageId: null, mailedAt: null, evidence: null },
    })
    const letter = { sender: TARO.key, recipient: null, clientAddress: null, helo: null }
    await capabilities.inbound.receiveMail({
      ...{ ...letter, receivedAt: time.now, vouchedBy: { serviceId: service.id } },
      raw: Buffer.from('From: Taro@例え.jp\r\nSubject: hi\r\n\r\nHi\r\n'),
    })
    const named = { list_id: tenant.list.id, day: '2026-10-01', received_at: 1, evidence_json: '{}' }
    await database.transact([
      database.query.insertInto('opaque_request').values({ ...named, part: '/taro@例え.jp' }),
    ])
    const tables = (await tracesOf(database, TRACE)).map((trace) => trace.split(':')[0])
    for (const table of [
      'message',
      'content',
      'inbound_mail',
      'opaque_request',
      'subscriber',
      'suppression',
    ]) {
      assert.ok(tables.includes(table), table)
    }

    let cuts = 0
    for (let steps = 1; ; steps++) {
      const parts = { database: failingAfter(database, steps), clock, erased, filesWait: () => false }
      // It knows nothing but the key, as who repeats it may.
      const erasing = createErasePerson(parts)(service.siteId, { ...TARO, address: TARO.key })
      const isCut = await erasing.then(
        () => false,
        (error) => {
          if (error instanceof DatabaseUnavailable) return true
          throw error
        },
      )
      assert.equal(await tenant.wouldMail(TARO.address), false)
      if (!isCut) break
      cuts++
    }
    assert.ok(cuts >= 4, `${cuts} cuts`)
    assert.deepEqual(await tracesOf(database, TRACE), [])
    assert.deepEqual(await tracesOf(database, /例え/), [])
  })

  it('is taken over from a process that died, and asked for twice meanwhile it is one', async () => {
    const { capabilities, time } = shared()
    const { database, clock, erased, keyring, ids } = capabilities
    const tenant = await addTenant(shared())
    const saburo = { address: 'saburo@example.jp', key: 'saburo@example.jp', domain: 'example.jp' }
    await createJoin(database, clock, erased)({ service: tenant.service, recipient: saburo, via: 'api' })
    await accept(tenant, [saburo.address, 'other@example.jp'], `To ${saburo.address}`)
    const errors: unknown[] = []
    const processWith = (database: Database) => {
      const erasing = { database, clock, erased, filesWait: () => false }
      return createErasures({
        ...{ ...erasing, keyring, ids, erasePerson: createErasePerson(erasing) },
        onError: (error) => errors.push(error),
      })
    }
    // It has stored what is asked for, taken its lease, marked the person, and looked through some tables.
    const dying = processWith(failingAfter(database, 4))
    const id = await dying.begin(tenant.service.siteId, saburo, 'api:first')
    await dying.settled(undefined, id, 3_000)
    assert.ok(errors[0] instanceof DatabaseUnavailable)
    assert.notDeepEqual(await tracesOf(database, /saburo@/), [])
    const [row] = await database.read(database.query.selectFrom('erasure').selectAll().where('id', '=', id))
    assert.doesNotMatch(JSON.stringify(row), /saburo/)

    const other = processWith(database)
    await other.goOn()
    assert.equal((await other.find(undefined, id)).finishedAt, null)
    time.now += 11_000
    assert.equal(await other.begin(tenant.service.siteId, saburo, 'api:second'), id)
    await other.goOn()
    const { finishedAt, replaced } = await other.find(tenant.service.siteId, id)
    assert.equal(finishedAt, time.now)
    assert.ok((replaced['message'] ?? 0) >= 1 && replaced['subscriber'] === 1)
    assert.deepEqual(await tracesOf(database, /saburo@/), [])
    const records = database.query.selectFrom('audit_entry').select('actor').where('subject', '=', id)
    assert.deepEqual(await database.read(records), [{ actor: 'api:first' }])
    await assert.rejects(other.find(tenant.service.siteId + 1, id), { code: 'not-found' })
  })

  it('leaves what was mailed from an address to others as it is, when its owner is erased', async () => {
    const { database } = shared().capabilities
    const tenant = await addTenant(shared(), { address: 'shop@example.com' })
    const raw = 'From: shop@example.com\r\nSubject: x\r\n\r\nAsk shop@example.com'
    await shared().capabilities.acceptDelivery({
      ...{
        service: tenant.service,
        from: { address: 'shop@example.com' },
        subject: 'x',
        transactional: false,
      },
      ...{ raw: Buffer.from(raw), recipients: [{ to: 'hanako@example.jp' }], createdBy: 'test' },
    })
    const kept = () => tracesOf(database, /Ask shop@example\.com/)
    assert.equal((await kept()).length, 1)
    await erase(tenant, { address: 'shop@example.com', key: 'shop@example.com', domain: 'example.com' })
    assert.equal((await kept()).length, 1)
  })

  it('is known to the look-up that is made once more before a mail is sent', async () => {
    const { capabilities, time } = shared()
    const tenant = await addTenant(shared())
    const [keiko, other] = ['keiko@example.jp', 'other@example.jp']
    await accept(tenant, [keiko, other])
    const messages = await claimed(tenant)
    const attempts: Attempt[] = []
    for await (const mails of mailLoader(capabilities.database).load(messages)) {
      attempts.push(...(await planAttempts(capabilities, mails, tenant.service.id, messages)))
    }
    assert.deepEqual(
      attempts.map(({ verdict }) => verdict.decision.deliver),
      [true, true],
    )
    await tenant.stop('sender:news@example.com', keiko)
    await erase(tenant, { address: keiko, key: keiko, domain: 'example.jp' })
    time.now += 1_000
    const parts = { ...capabilities, stateOf: async () => 'active' as const }
    const renewed = await Promise.all(attempts.map((attempt) => renewAttempt(parts, attempt)))
    assert.deepEqual(
      renewed.map((attempt) => [attempt?.message.address, attempt?.verdict.decision.deliver]).sort(),
      [
        [keiko, false],
        [other, true],
      ],
    )
  })

  it('keeps no mail whose attempt ends after it', async () => {
    const { database } = shared().capabilities
    const tenant = await addTenant(shared())
    const [jiro, other] = ['jiro-s@my-example.jp', 'other@example.jp']
    await accept(tenant, [jiro, other], `To ${jiro}`)
    const messages = await claimed(tenant)
    await erase(tenant, { address: jiro, key: jiro, domain: 'my-example.jp' })
    const results = messages.map(({ address, delivery_id, ...message }) => ({
      ...message,
      ...{ deliveryId: delivery_id, sender: null, day: null, state: 'kept' as const, reply: null },
      raw: Buffer.from(`To: ${address}`),
    }))
    await createSettleAttempts(database, async () => [])(results, shared().time.now)
    assert.deepEqual(await tracesOf(database, /jiro/), [])
    assert.ok((await tracesOf(database, /^\d+ \d+ To: other@example\.jp/)).length === 1)
  })
})

/** The database, which is gone once it has carried out so many transactions. */
function failingAfter(database: Database, most: number): Database {
  let left = most
  return {
    ...database,
    transact: async (statements) => {
      if (left-- === 0) throw new DatabaseUnavailable('cut off')
      return database.transact(statements)
    },
  }
}
