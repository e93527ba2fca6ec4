import assert from 'node:assert/strict'
import { beforeEach, it } from 'node:test'
import { createCarry } from '../../../src/delivery/outbox/carry.ts'
import { createDailyCaps } from '../../../src/delivery/outbox/daily-cap.ts'
import { createDispatch } from '../../../src/delivery/outbox/dispatch.ts'
import { createPacer } from '../../../src/delivery/outbox/pace.ts'
import { putterBack } from '../../../src/delivery/outbox/put-back-after.ts'
import type { Relay } from '../../../src/delivery/relay/relay.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { DomainError } from '../../../src/kernel/domain-error.ts'
import { deliveryStates } from '../../../src/messages/delivery-store.ts'
import { readKeptMail } from '../../../src/messages/reading/read-kept-mail.ts'
import type { AttemptResult } from '../../../src/messages/sending/settle-attempts.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import type { MessageTable } from '../../../src/storage/mail-tables.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, type Installation, install, NOON, type Tenant } from '../../support/installation.ts'
import type { SmtpSink } from '../../support/smtp-sink.ts'
import { settled, someDelivery } from '../some-delivery.ts'
import { sharedRelaying } from './relaying.ts'

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
    sink.setReply(() => undefined)
  })

  it('sends nothing while the look-up cannot be made, and everything once it can', async () => {
    const results: AttemptResult[] = []
    const lookUp = () => Promise.reject(new DatabaseUnavailable('away'))
    const carry = carrier({ ...capabilities, lookUp })
    const { id } = await accept(['a@example.com'], { sendAt: installation.time.now + DAY_MS })
    const rows = await capabilities.database.read(
      capabilities.database.query.selectFrom('message').selectAll().where('delivery_id', '=', id),
    )
    await carry(rows, results)
    assert.deepEqual(
      results.map(({ state, attempts }) => [state, attempts]),
      rows.map((row) => ['queued', row.attempts - 1]),
    )
    assert.deepEqual(sink.messages, [])
  })

  it('asks again for those who had to wait for their turn at the relay', async () => {
    const relayed: string[] = []
    const slow: Relay = {
      connections: 10,
      send: async ({ to }, _, consent) => {
        if (!(await consent?.isWanted())) return { kind: 'withdrawn' }
        relayed.push(to)
        installation.time.now += 1_000
        await recordStop(last)
        return { kind: 'accepted', reply: '250 ok' }
      },
      verify: async () => ({ offers: [], isEncrypted: false, isSignedIn: false }),
      close: () => {},
    }
    const names = Array.from({ length: 30 }, (_, index) => `waiting${index}@example.com`)
    const last = names.at(-1) ?? ''
    const { id } = await accept(names, { sendAt: installation.time.now + DAY_MS })
    const rows = await capabilities.database.read(
      capabilities.database.query
        .selectFrom('message')
        .selectAll()
        .where('delivery_id', '=', id)
        .orderBy('id'),
    )
    const results: AttemptResult[] = []
    const carry = carrier(capabilities, slow)
    await carry(rows, results)
    assert.equal(relayed.length, 29)
    assert.ok(!relayed.includes(last))
    assert.equal(results.find((result) => result.id === rows.at(-1)?.id)?.state, 'excluded')
  })

  it('lets one service’s fault hold up nobody else’s mail', async () => {
    const later = { sendAt: installation.time.now + DAY_MS }
    const { id: bad } = await accept(['a@example.com'], later)
    const { id: good } = await accept(['b@example.com'], later)
    const rows = await capabilities.database.read(
      capabilities.database.query.selectFrom('message').selectAll().where('delivery_id', 'in', [bad, good]),
    )
    const messages = rows.map((row) => (row.delivery_id === bad ? { ...row, service_id: 999_999 } : row))
    const results: AttemptResult[] = []
    const faults: unknown[] = []
    const carry = carrier(capabilities, undefined, (error) => void faults.push(error))
    await carry(messages, results)
    assert.equal(faults.length, 1)
    assert.deepEqual(results.map(({ state }) => state).sort(), ['kept', 'queued'])
  })

  it('keeps the mail where there is no relay, byte for byte as it would be sent', async (t) => {
    await capabilities.dkim.create({
      domain: 'example.com',
      selector: 'k',
      algorithm: 'rsa-sha256',
      now: NOON,
    })
    const keeping = await install(t, engine.name, { serves: 'worker' })
    const own = await addTenant(keeping)
    const { id } = await keeping.capabilities.acceptDelivery(
      someDelivery(own, ['a@example.com'], { html: '<p>{{unsubscribe_url}}' }),
    )
    const [kept] = await settled(keeping.capabilities, id, 'kept')
    const mail = await readKeptMail(keeping.capabilities.database, id, kept?.id ?? 0)
    await assert.rejects(
      readKeptMail(keeping.capabilities.database, id + 1, kept?.id ?? 0),
      (error: DomainError) => error.code === 'unknown-message',
    )

    const { relay } = capabilities
    const [row] = await keeping.capabilities.database.read(
      keeping.capabilities.database.query.selectFrom('message').selectAll().where('delivery_id', '=', id),
    )
    assert.ok(row && relay)
    const results: AttemptResult[] = []
    const carry = carrier(keeping.capabilities, relay)
    await carry([row], results)
    assert.equal(results[0]?.state, 'sent')
    assert.deepEqual(sink.messages[0]?.raw.toString('latin1'), mail.toString('latin1'))
  })

  /** Carries messages to a relay without writing what became of them. */
  function carrier(
    parts: Installation['capabilities'],
    relay?: Relay,
    onError: (error: unknown) => void = (error) => assert.fail(String(error)),
  ) {
    return async (messages: readonly MessageTable[], results: AttemptResult[]) => {
      const settle = async (result: AttemptResult) => void results.push(result)
      const putBackAfter = putterBack({ clock: parts.clock, onError })
      const dispatch = createDispatch({
        ...parts,
        relayOf: async () => relay,
        returnPath: (_, mail) => mail.from.address,
        pacer: createPacer(() => 1),
        caps: createDailyCaps(parts.database, () => 1),
        stateOf: deliveryStates(parts.database),
        isHeld: () => true,
        settle,
        putBackAfter,
      })
      await createCarry({ ...parts, dispatch, settle, putBackAfter })(messages)
    }
  }

  function accept(recipients: string[], given: Parameters<typeof someDelivery>[2] = {}) {
    return capabilities.acceptDelivery(someDelivery(tenant, recipients, given))
  }

  function recordStop(address: string) {
    return capabilities.recorder.record({
      kind: 'stop',
      listId: tenant.sender.listId,
      recipient: { address, key: address },
      requestedAt: installation.time.now,
      source: 'one-click',
      reason: 'unsubscribed',
      messageId: null,
      mailedAt: null,
      evidence: null,
    })
  }
})
