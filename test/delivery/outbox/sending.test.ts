import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { readErrorCounts } from '../../../src/bounces/acting/error-count.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { DomainError } from '../../../src/kernel/domain-error.ts'
import { changeDelivery } from '../../../src/messages/change-delivery.ts'
import { findDelivery } from '../../../src/messages/delivery-store.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, type Installation, NOON, type Tenant } from '../../support/installation.ts'
import type { SinkReply, SinkStage, SmtpSink } from '../../support/smtp-sink.ts'
import { messagesOf, settled, someDelivery } from '../some-delivery.ts'
import { sharedRelaying } from './relaying.ts'

const MINUTE = 60_000

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

  describe('a delivery', () => {
    it('goes out, each recipient’s message alone, from the sender’s address', async () => {
      const { id } = await accept(['a@example.com', 'b@example.com'])
      const rows = await settled(capabilities, id, 'sent')
      assert.deepEqual(sink.messages.map(({ from, to }) => [from, ...to].join()).toSorted(), [
        'news@example.com,a@example.com',
        'news@example.com,b@example.com',
      ])
      for (const row of rows) {
        assert.deepEqual([row.attempts, row.dueAt], [1, null])
        assert.match(row.reply ?? '', /^250 /)
      }
    })

    it('waits for its time', async () => {
      const { id } = await accept(['a@example.com'], { sendAt: installation.time.now + 3_600_000 })
      await turn(3_600_000 - 1)
      assert.equal((await messagesOf(capabilities, id))[0]?.state, 'queued')
      await turn(1)
      await settled(capabilities, id, 'sent')
    })

    it('does not reach who opted out, bounced or was blocked since it was accepted, and says so', async () => {
      const names = ['clicked', 'bounced', 'still'].map((name) => `${name}@example.com`)
      const { id, accepted } = await accept(names, { sendAt: installation.time.now + 1_000 })
      assert.equal(accepted, 3)
      await tenant.stop('sender:news@example.com', 'clicked@example.com')
      await tenant.stop('hard-bounces', 'bounced@example.com')
      const since = installation.time.now
      await turn(1_000)
      const rows = await settled(capabilities, id, 'sent', 'excluded')
      const bounces = await resolveList(capabilities.database, tenant.service.id, 'hard-bounces')
      assert.deepEqual(
        rows.map(({ state, listId, reason, since }) => [state, listId, reason, since]),
        [
          ['excluded', tenant.list.id, 'listed', since],
          ['excluded', bounces.id, 'listed', since],
          ['sent', null, null, null],
        ],
      )
      assert.deepEqual(
        sink.messages.map(({ to }) => to.join()),
        ['still@example.com'],
      )
    })

    it('reaches who resumed since it was put off, and not who was excluded when it was accepted', async () => {
      await tenant.stop('sender:news@example.com', 'a@example.com')
      const { id } = await accept(['a@example.com'], { sendAt: installation.time.now + 1_000 })
      await capabilities.recorder.record({
        kind: 'resume',
        listId: tenant.list.id,
        recipient: { address: 'a@example.com', key: 'a@example.com' },
        requestedAt: installation.time.now,
        source: 'api',
        evidence: null,
      })
      await turn(1_000)
      assert.equal((await messagesOf(capabilities, id))[0]?.state, 'excluded')
    })

    it('records the opt-out that a transactional mail overrode, also one that came after its acceptance', async () => {
      const { id } = await accept(['a@example.com'], {
        sendAt: installation.time.now + 1_000,
        transactional: true,
      })
      await tenant.stop('sender:news@example.com', 'a@example.com')
      const since = installation.time.now
      await turn(1_000)
      const [row] = await settled(capabilities, id, 'sent')
      assert.deepEqual([row?.listId, row?.reason, row?.since], [tenant.list.id, 'listed', since])
    })

    it('can be paused and resumed', async () => {
      const { id } = await accept(['a@example.com'], { sendAt: installation.time.now + 1_000 })
      assert.equal((await change(id, 'paused')).state, 'paused')
      await turn(2_000)
      assert.equal((await messagesOf(capabilities, id))[0]?.state, 'queued')
      await change(id, 'active')
      await turn(0)
      await settled(capabilities, id, 'sent')
    })

    it('can be cancelled for good', async () => {
      const { id } = await accept(['a@example.com', 'b@example.com'], {
        sendAt: installation.time.now + 1_000,
      })
      const cancelled = await change(id, 'cancelled')
      assert.deepEqual([cancelled.state, cancelled.messages], ['cancelled', { cancelled: 2 }])
      for (const state of ['active', 'paused'] as const) {
        await assert.rejects(change(id, state), (error: DomainError) => error.code === 'wrong-state')
      }
      await change(id, 'cancelled')
      await turn(2_000)
      assert.equal(sink.messages.length, 0)
    })

    it('is unknown to another service', async () => {
      const { id } = await accept(['a@example.com'])
      const other = await addTenant(installation)
      for (const work of [
        () => findDelivery(capabilities.database, other.service.id, id),
        () => changeDelivery(capabilities.database, other.service, id, 'cancelled', NOON),
      ]) {
        await assert.rejects(work(), (error: DomainError) => error.code === 'unknown-delivery')
      }
      await settled(capabilities, id, 'sent')
    })
  })

  describe('a relay that puts off', () => {
    const temporary: Record<string, [SinkStage, SinkReply]> = {
      'with 4xx to the recipient': ['rcpt', { code: 450, text: '4.2.0 Greylisted' }],
      'with 4xx to the sender': ['mail', { code: 451, text: '4.7.1 later' }],
      'with 4xx to the message': ['data', { code: 452, text: '4.3.1 full' }],
      'by hanging up at the recipient': ['rcpt', 'drop'],
      'by hanging up after the message': ['data', 'drop'],
      'with a code that SMTP does not have': ['rcpt', { code: 650, text: 'what' }],
    }
    for (const [what, [stage, reply]] of Object.entries(temporary)) {
      it(`is asked again ${what}`, async () => {
        sink.setReply((at) => (at === stage ? reply : undefined))
        const accepted = installation.time.now
        const { id } = await accept(['a@example.com'])
        const row = await attempted(id, 1)
        assert.equal(row.state, 'queued')
        assert.ok(row.reply)
        const wait = (row.dueAt ?? 0) - accepted
        assert.ok(wait >= 0.9 * MINUTE && wait <= 1.1 * MINUTE, `${wait}`)
        await turn(wait - 1)
        assert.equal((await messagesOf(capabilities, id))[0]?.attempts, 1)
        sink.setReply(() => undefined)
        await turn(1)
        const [sent] = await settled(capabilities, id, 'sent')
        assert.equal(sent?.attempts, 2)
        assert.equal(sink.messages.length, 1)
        assert.deepEqual(await bounced('a@example.com'), false)
      })
    }

    it('is asked at growing intervals and for the same message, until five days are over', async () => {
      sink.setReply((stage) => (stage === 'rcpt' ? { code: 450, text: '4.2.0 later' } : undefined))
      const accepted = installation.time.now
      const { id } = await accept(['a@example.com'])
      const waits: number[] = []
      for (let attempts = 1; ; attempts++) {
        const row = await attempted(id, attempts)
        if (row.state === 'failed') break
        waits.push((row.dueAt ?? 0) - installation.time.now)
        await turn((row.dueAt ?? 0) - installation.time.now)
      }
      assert.ok(waits.length > 30 && waits.length < 45, `${waits.length} attempts`)
      const over = installation.time.now - accepted
      assert.ok(over > 4.5 * DAY_MS && over <= 5 * DAY_MS, `${over / DAY_MS}`)
      const [row] = await messagesOf(capabilities, id)
      assert.match(row?.reply ?? '', /^given up: 450 4\.2\.0/)
      assert.equal(await errorCount('a@example.com'), 1)
    })

    it('gets the same bytes again, but for the time of the signature', async () => {
      const raws: string[] = []
      sink.setReply((stage, { raw }) => {
        if (stage !== 'data') return undefined
        raws.push(raw.toString('latin1'))
        return raws.length === 1 ? { code: 451, text: '4.3.0 later' } : undefined
      })
      const { id } = await accept(['a@example.com'])
      await attempted(id, 1)
      await turn(2 * MINUTE)
      await settled(capabilities, id, 'sent')
      assert.equal(raws[0], raws[1])
    })
  })

  describe('a relay that refuses', () => {
    for (const [enhanced, reason] of [
      ['5.1.1', 'user-unknown'],
      ['5.1.2', 'host-unknown'],
      ['5.1.3', 'user-unknown'],
      ['5.1.6', 'moved'],
      ['5.1.10', 'host-unknown'],
      ['5.2.1', 'disabled'],
    ] as const) {
      for (const stage of ['rcpt', 'data'] as const) {
        it(`puts the address on hard-bounces for ${enhanced} at ${stage}`, async () => {
          const { row, id } = await refusal(stage, { code: 550, text: `${enhanced} No, not here` })
          assert.deepEqual(
            [row.state, row.reply, row.attempts],
            ['failed', `550 ${enhanced} No, not here`, 1],
          )
          const { excluded } = await capabilities.checkRecipients({
            service: tenant.service,
            from: { address: 'news@example.com' },
            recipients: ['TARO@example.com'],
          })
          const since = installation.time.now
          assert.deepEqual(excluded, [{ address: 'TARO@example.com', list: 'hard-bounces', reason, since }])
          const [event] = await capabilities.database.read(
            capabilities.database.query
              .selectFrom('event as e')
              .innerJoin('list as l', 'l.id', 'e.list_id')
              .select(['e.source', 'e.message_id', 'e.evidence_json'])
              .where('l.service_id', '=', tenant.service.id),
          )
          assert.deepEqual([event?.source, event?.message_id], ['smtp-reply', `${id}.${row.id}@example.com`])
          const { code, diagnostic, rule } = JSON.parse(event?.evidence_json ?? '{}')
          assert.deepEqual([code, diagnostic], [enhanced, `550 ${enhanced} No, not here`])
          assert.ok(rule)
        })
      }
    }

    const others: Record<string, [SinkStage, number, string]> = {
      'a policy': ['rcpt', 550, '5.7.1 Blocked'],
      'a full mailbox': ['rcpt', 552, '5.2.2 Over quota'],
      'the size': ['data', 552, '5.3.4 Too big'],
      'the content': ['data', 554, '5.6.0 Spam'],
      'no reason that can be told': ['rcpt', 550, 'No'],
      'the sender': ['mail', 550, '5.1.8 Bad sender'],
      'the sender, with a recipient’s code': ['mail', 550, '5.1.1 Bad sender'],
      'a code of another class': ['rcpt', 550, '4.1.1 odd'],
    }
    for (const [what, [stage, code, text]] of Object.entries(others)) {
      it(`fails the message and leaves the address alone: ${what}`, async () => {
        const { row } = await refusal(stage, { code, text })
        assert.deepEqual([row.state, row.reply], ['failed', `${code} ${text}`])
        assert.equal(await bounced('taro@example.com'), false)
      })
    }

    it('counts a passing reason, and puts the address on hard-bounces at the service’s threshold', async () => {
      const threshold = tenant.service.settings.softBounceThreshold
      for (let count = 1; count <= threshold; count++) {
        assert.equal(await bounced('taro@example.com'), false)
        await refusal('rcpt', { code: 552, text: '5.2.2 Over quota' })
        assert.equal(await errorCount('taro@example.com'), count)
      }
      const { excluded } = await capabilities.checkRecipients({
        service: tenant.service,
        from: { address: 'news@example.com' },
        recipients: ['taro@example.com'],
      })
      assert.deepEqual(
        excluded.map(({ list, reason }) => [list, reason]),
        [['hard-bounces', 'error-count']],
      )
    })

    it('counts what blames the sender, and no recipient for it or for what is said of the session', async () => {
      await refusal('rcpt', { code: 550, text: '5.7.26 This mail is unauthenticated' })
      await refusal('mail', { code: 552, text: '5.2.2 Over quota' })
      const counts = await capabilities.database.read(
        capabilities.database.query
          .selectFrom('day_count')
          .select(['outcome', 'count'])
          .where('service_id', '=', tenant.service.id)
          .where('outcome', 'in', ['blamed', 'failed'])
          .orderBy('outcome'),
      )
      assert.deepEqual(counts, [
        { outcome: 'blamed', count: 1 },
        { outcome: 'failed', count: 2 },
      ])
      assert.equal(await errorCount('taro@example.com'), 0)
    })

    it('fails the message and leaves the address alone where it is the return path that is unknown', async () => {
      let returnPath = ''
      sink.setReply((stage, { address }) => {
        if (stage === 'mail') returnPath = address
        return stage === 'rcpt' ? { code: 550, text: `5.1.1 <${returnPath}>: User unknown` } : undefined
      })
      const { id } = await accept(['taro@example.com'])
      const [row] = await settled(capabilities, id, 'failed')
      assert.match(row?.reply ?? '', /<\S+@\S+>: User unknown$/)
      assert.equal(await bounced('taro@example.com'), false)
    })

    it('does not stop the others', async () => {
      sink.setReply((stage, { address }) =>
        stage === 'rcpt' && address.startsWith('bad') ? { code: 550, text: '5.1.1 No' } : undefined,
      )
      const names = Array.from(
        { length: 30 },
        (_, index) => `${index % 3 ? 'good' : 'bad'}${index}@example.com`,
      )
      const { id } = await accept(names)
      const rows = await settled(capabilities, id, 'sent', 'failed')
      for (const { to, state } of rows) assert.equal(state, to.startsWith('bad') ? 'failed' : 'sent', to)
    })
  })

  function accept(recipients: string[], given: Parameters<typeof someDelivery>[2] = {}) {
    return capabilities.acceptDelivery(someDelivery(tenant, recipients, given))
  }

  /** Lets time pass and the outbox look what is due. */
  async function turn(ms: number): Promise<void> {
    installation.time.now += ms
    capabilities.handOff.wake()
    await new Promise((resolve) => setTimeout(resolve, 30))
  }

  function change(id: number, state: 'active' | 'paused' | 'cancelled') {
    return changeDelivery(capabilities.database, tenant.service, id, state, installation.time.now)
  }

  /** The only message of a delivery, once so many attempts were made and the last one has ended. */
  async function attempted(id: number, attempts: number) {
    const deadline = Date.now() + 15_000
    for (;;) {
      const [row] = await messagesOf(capabilities, id)
      assert.ok(row)
      if (row.attempts >= attempts && row.state !== 'sending') return row
      assert.ok(Date.now() < deadline, `${row.attempts} attempts, ${row.state}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async function refusal(stage: SinkStage, reply: SinkReply) {
    sink.setReply((at) => (at === stage ? reply : undefined))
    const { id } = await accept(['taro@example.com'])
    const [row] = await settled(capabilities, id, 'sent', 'failed')
    assert.ok(row)
    return { row, id }
  }

  async function errorCount(key: string): Promise<number> {
    const hardBounces = await resolveList(capabilities.database, tenant.service.id, 'hard-bounces')
    const counting = { service: tenant.service, hardBounces }
    const now = installation.time.now
    return (await readErrorCounts(capabilities.database, counting, [key], now)).get(key)?.count ?? 0
  }

  async function bounced(address: string): Promise<boolean> {
    const { service } = tenant
    const { excluded } = await capabilities.checkRecipients({
      service,
      from: { address: 'x@y.example' },
      recipients: [address],
    })
    return excluded.length > 0
  }
})
