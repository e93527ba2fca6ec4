import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { changeDelivery } from '../../../src/messages/change-delivery.ts'
import { type ServiceChange, updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import {
  addTenant,
  type Installation,
  NOON,
  sharedInstallation,
  type Tenant,
} from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { messagesOf, settled, someDelivery } from '../some-delivery.ts'

/** Noon in Tokyo is three in the morning UTC: the day there ends at 15:00 UTC. */
const MIDNIGHT = NOON + 12 * 3_600_000

forEachEngine((engine) => {
  let sink: SmtpSink
  const shared = sharedInstallation(engine.name, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    return { serves: 'worker', env: { KAIJO_RELAY_URL: sink.url } }
  })
  let installation: Installation
  let capabilities: Installation['capabilities']
  beforeEach(() => {
    installation = shared()
    capabilities = installation.capabilities
    sink.messages.length = 0
    sink.setReply(() => undefined)
  })

  const tenantWith = async (settings: ServiceChange['settings']): Promise<Tenant> => {
    installation.time.now = Math.max(NOON, installation.time.now + DAY_MS)
    capabilities.handOff.wake()
    await sleep(50)
    return addTenant(installation, { settings })
  }
  const names = (count: number, domain = 'example.com') =>
    Array.from({ length: count }, (_, index) => `r${index}@${domain}`)
  const turn = async (ms: number) => {
    installation.time.now += ms
    capabilities.handOff.wake()
    await sleep(150)
  }
  const sentTo = () => sink.messages.flatMap(({ to }) => to)

  describe('a rate', () => {
    it('spreads a service’s mail over time, and holds up no other service', async () => {
      const slow = await tenantWith({ mailsPerSecond: 1 })
      const fast = await addTenant(installation)
      const { id } = await capabilities.acceptDelivery(someDelivery(slow, names(10, 'rate.example')))
      const other = await capabilities.acceptDelivery(someDelivery(fast, names(10, 'fast.example')))
      await settled(capabilities, other.id, 'sent')
      const waiting = await messagesOf(capabilities, id)
      const due = waiting.flatMap(({ dueAt }) => dueAt ?? []).map((at) => at - installation.time.now)
      assert.deepEqual(due.toSorted((a, b) => a - b).slice(-3), [7_000, 8_000, 9_000])
      for (let count = 0; count < 20; count++) await turn(1_000)
      assert.ok((await settled(capabilities, id, 'sent')).every(({ attempts }) => attempts === 1))
    })

    it('is kept per recipient domain, with one for all other domains', async () => {
      const tenant = await tenantWith({ domainRates: { 'slow.example': 0.01, '*': 1_000 } })
      const { id } = await capabilities.acceptDelivery(
        someDelivery(tenant, [...names(3, 'slow.example'), ...names(3, 'other.example')]),
      )
      await turn(1)
      const rows = await messagesOf(capabilities, id)
      const queued = rows.filter(({ state }) => state === 'queued').map(({ to }) => to)
      assert.deepEqual(queued, ['r1@slow.example', 'r2@slow.example'])
      for (let count = 0; count < 10; count++) await turn(100_000)
      await settled(capabilities, id, 'sent')
    })

    it('lets transactional mail overtake what waits', async () => {
      const tenant = await tenantWith({ mailsPerSecond: 0.1 })
      await capabilities.acceptDelivery(someDelivery(tenant, names(20, 'waiting.example')))
      const { id } = await capabilities.acceptDelivery(
        someDelivery(tenant, ['now@example.com'], { transactional: true }),
      )
      await settled(capabilities, id, 'sent')
    })
  })

  it('goes on sending when the clock is put back by an hour, the relay having been away or not', async () => {
    const tenant = await tenantWith({ mailsPerSecond: 1_000 })
    const { id: before } = await capabilities.acceptDelivery(someDelivery(tenant, names(1)))
    await settled(capabilities, before, 'sent')
    for (const isAway of [false, true]) {
      if (isAway) {
        const dropped = Promise.withResolvers<void>()
        sink.setReply(() => {
          dropped.resolve()
          return 'drop'
        })
        await capabilities.acceptDelivery(someDelivery(tenant, names(1)))
        await dropped.promise
        await sleep(150)
        sink.setReply(() => undefined)
      }
      installation.time.now -= 3_600_000
      const { id } = await capabilities.acceptDelivery(someDelivery(tenant, names(3)))
      // The relay may be left alone for some seconds yet, when it was noticed late that it is away.
      for (let count = 0; count < (isAway ? 5 : 1); count++) await turn(2_000)
      await settled(capabilities, id, 'sent')
    }
    installation.time.now += 7_200_000
  })

  describe('a daily cap', () => {
    it('lets more go as soon as it is raised', async () => {
      const tenant = await tenantWith({ mailsPerDay: 1 })
      const { id } = await capabilities.acceptDelivery(someDelivery(tenant, names(3, 'raised.example')))
      await turn(1)
      await updateService(capabilities.database, tenant.service.id, { settings: { mailsPerDay: null } })
      await turn(3_600_000)
      await settled(capabilities, id, 'sent')
    })

    it('lets so many go in a day of the service’s calendar, and the rest on the next', async () => {
      const tenant = await tenantWith({ mailsPerDay: 5 })
      const { id } = await capabilities.acceptDelivery(someDelivery(tenant, names(8, 'cap.example')))
      await turn(1)
      const rows = await settled(capabilities, id, 'sent', 'queued')
      assert.equal(rows.filter(({ state }) => state === 'sent').length, 5)
      const due = rows.flatMap(({ dueAt }) => dueAt ?? []).map((at) => at - installation.time.now)
      assert.ok(due.every((wait) => wait > 0 && wait <= 3_600_000))
      await turn(3_600_000)
      assert.equal((await messagesOf(capabilities, id)).filter(({ state }) => state === 'sent').length, 5)
      const midnight = installation.time.now + DAY_MS - ((installation.time.now - MIDNIGHT) % DAY_MS)
      await turn(midnight - installation.time.now)
      await settled(capabilities, id, 'sent')
      assert.equal(sentTo().filter((to) => to.endsWith('@cap.example')).length, 8)
    })
  })

  describe('a relay that is down', () => {
    it('ends no message for its age alone, as when its delivery was paused for long', async (t) => {
      const tenant = await tenantWith({})
      const later = { sendAt: installation.time.now + 1 }
      const { id } = await capabilities.acceptDelivery(someDelivery(tenant, names(5, 'old.example'), later))
      const change = (state: 'paused' | 'active') =>
        changeDelivery(capabilities.database, tenant.service, id, state, installation.time.now)
      await change('paused')
      await turn(6 * DAY_MS)
      await sink.close()
      await change('active')
      await turn(1)
      const rows = await messagesOf(capabilities, id)
      assert.ok(rows.every(({ state }) => state === 'queued'))
      assert.ok(rows.some(({ reply }) => /ECONNREFUSED/.test(reply ?? '')))
      sink = await startSmtpSink({ port: sink.port })
      t.after(() => sink.close())
      for (let count = 0; count < 5; count++) await turn(60_000)
      await settled(capabilities, id, 'sent')
    })

    it('is left alone for a moment, costs no attempt, and gets everything once it is back', async (t) => {
      const tenant = await tenantWith({})
      await sink.close()
      const { id } = await capabilities.acceptDelivery(someDelivery(tenant, names(30, 'down.example')))
      await sleep(200)
      const rows = await messagesOf(capabilities, id)
      assert.ok(rows.every(({ state, attempts }) => state === 'queued' && attempts === 0))
      const port = Number(new URL(sink.url).port)
      sink = await startSmtpSink({ port })
      t.after(() => sink.close())
      await turn(1_000)
      await turn(2_000)
      const sent = await settled(capabilities, id, 'sent')
      assert.ok(sent.every(({ attempts }) => attempts === 1))
      assert.equal(sentTo().filter((to) => to.endsWith('@down.example')).length, 30)
    })
  })
})
