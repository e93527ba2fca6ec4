import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { createAcceptDelivery } from '../../../src/delivery/accept/accept.ts'
import type { DeliveryRequest } from '../../../src/delivery/accept/delivery-request.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { DomainError } from '../../../src/kernel/domain-error.ts'
import { searchDeliveries } from '../../../src/messages/reading/search-deliveries.ts'
import { createInsertMail } from '../../../src/messages/sending/insert-mail.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import { deleteFilter } from '../../../src/tenants/filter.ts'
import { resolveList } from '../../../src/tenants/list.ts'
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

  describe('an accepted delivery', () => {
    it('counts who is mailed, whom which list excludes, and names what is no address', async () => {
      await tenant.stop(SENDER_LIST, 'stopped@example.com', 'both@example.com')
      await tenant.stop('hard-bounces', 'both@example.com', 'bounced@example.com')
      await tenant.stop('blocklist', 'blocked@example.com')
      const recipients = [
        'a@example.com',
        'STOPPED@example.com',
        'bad',
        'both@example.com',
        'bounced@example.com',
      ]
      const answer = await capabilities.acceptDelivery(
        someDelivery(tenant, [...recipients, 'blocked@example.com', 'also bad@']),
      )
      const { id, ...counts } = answer
      assert.ok(Number.isSafeInteger(id))
      assert.deepEqual(counts, {
        accepted: 1,
        excluded: { [SENDER_LIST]: 2, 'hard-bounces': 1, blocklist: 1 },
        malformed: ['bad', 'also bad@'],
        duplicates: 0,
        copies: 0,
        replayed: false,
      })
    })

    it('mails an address that comes again once, by its first entry, and counts the others', async () => {
      await tenant.stop(SENDER_LIST, 'stopped@example.com')
      const answer = await capabilities.acceptDelivery(
        someDelivery(
          tenant,
          [
            { to: 'a@example.com' },
            { to: 'A@Example.com', substitutions: { name: 'first' } },
            { to: '"a"@example.com.', substitutions: { name: 'second' } },
            { to: 'a@example.com' },
            { to: 'stopped@example.com', substitutions: { name: 'S' } },
            { to: 'Stopped@example.com', substitutions: { name: 'S' } },
            { to: 'bad' },
            { to: 'bad' },
          ],
          { subject: 'For {{name}}' },
        ),
      )
      const { accepted, excluded, malformed, duplicates } = answer
      assert.deepEqual(malformed, ['a@example.com', 'bad', 'bad'])
      assert.deepEqual([accepted, excluded, duplicates], [1, { [SENDER_LIST]: 1 }, 3])
      const rows = await messagesOf(capabilities, answer.id)
      assert.deepEqual(
        rows.map(({ to, state }) => [to, state]),
        [
          ['A@Example.com', 'queued'],
          ['stopped@example.com', 'excluded'],
        ],
      )
    })

    it('calls malformed who has angle brackets in the address, which no relay would be told of', async () => {
      const recipients = ['"a<b"@example.com', '"<x@other.example>"@example.com', 'a@example.com']
      const answer = await capabilities.acceptDelivery(someDelivery(tenant, recipients))
      assert.deepEqual([answer.accepted, answer.malformed], [1, recipients.slice(0, 2)])
    })

    it('shows every excluded recipient as a row with list, reason and since', async () => {
      await tenant.stop(SENDER_LIST, 'stopped@example.com')
      installation.time.now += 5_000
      await tenant.stop('complaints', 'complained@example.com')
      const { id } = await capabilities.acceptDelivery(
        someDelivery(tenant, ['a@example.com', 'Stopped@example.com', 'complained@example.com']),
      )
      const complaints = await resolveList(capabilities.database, tenant.service.id, 'complaints')
      const rows = await messagesOf(capabilities, id)
      assert.deepEqual(
        rows.map(({ to, state, listId, reason, since }) => ({ to, state, listId, reason, since })),
        [
          { to: 'a@example.com', state: 'queued', listId: null, reason: null, since: null },
          {
            to: 'Stopped@example.com',
            state: 'excluded',
            listId: tenant.list.id,
            reason: 'listed',
            since: NOON,
          },
          {
            to: 'complained@example.com',
            state: 'excluded',
            listId: complaints.id,
            reason: 'listed',
            since: NOON + 5_000,
          },
        ],
      )
      assert.deepEqual(
        rows.map(({ messageId }) => messageId),
        rows.map((row) => `${id}.${row.id}@example.com`),
      )
    })

    it('mails again whose time on the list is over, and not a moment before', async () => {
      await tenant.stop(SENDER_LIST, 'stopped@example.com')
      const accepted = async (now: number) => {
        installation.time.now = now
        return (await capabilities.acceptDelivery(someDelivery(tenant, ['stopped@example.com']))).accepted
      }
      assert.equal(await accepted(NOON + 90 * DAY_MS - 1), 0)
      assert.equal(await accepted(NOON + 90 * DAY_MS), 1)
    })

    it('concerns the sender’s own list alone, and the service’s three', async () => {
      await tenant.addSender({ address: 'shop@example.com' })
      const other = await addTenant(installation)
      await tenant.stop(SENDER_LIST, 'stopped@example.com')
      await other.stop('hard-bounces', 'elsewhere@example.com')
      const recipients = ['stopped@example.com', 'elsewhere@example.com']
      const from = { address: 'Shop@Example.com' }
      assert.equal(
        (await capabilities.acceptDelivery(someDelivery(tenant, recipients, { from }))).accepted,
        2,
      )
      assert.equal((await capabilities.acceptDelivery(someDelivery(other, recipients))).accepted, 1)
    })

    it('calls malformed who has no value for a placeholder, or a line break for a header', async () => {
      const answer = await capabilities.acceptDelivery(
        someDelivery(
          tenant,
          [
            { to: 'whole@example.com', substitutions: { name: 'A', tag: 'x' } },
            { to: 'nameless@example.com', substitutions: { tag: 'x' } },
            { to: 'broken@example.com', substitutions: { name: 'A', tag: 'x\r\nBcc: y@example.com' } },
            { to: 'proto@example.com', substitutions: Object.create({ name: 'A', tag: 'x' }) },
            { to: 'none@example.com' },
          ],
          { subject: 'For {{ name }}', headers: { 'X-Tag': '{{tag}}' } },
        ),
      )
      assert.deepEqual(answer.malformed, [
        'nameless@example.com',
        'broken@example.com',
        'proto@example.com',
        'none@example.com',
      ])
      assert.equal(answer.accepted, 1)
    })

    it('calls malformed who would see a link that leads nowhere', async () => {
      const unregistered = await addTenant(installation, { allowedDomains: ['allowed.example'] })
      const given = { from: { address: 'x@allowed.example' }, text: '{{unsubscribe_url}}' }
      const answer = await capabilities.acceptDelivery(
        someDelivery(
          unregistered,
          ['a@example.com', { to: 'b@example.com', unsubscribeUrl: 'https://client.example/u?b' }],
          given,
        ),
      )
      assert.deepEqual([answer.accepted, answer.malformed], [1, ['a@example.com']])
    })

    it('is mailed in spite of opt-outs when it is transactional, which its rows record, and never of bounces', async () => {
      await tenant.stop(SENDER_LIST, 'stopped@example.com', 'both@example.com')
      await tenant.stop('hard-bounces', 'both@example.com')
      const answer = await capabilities.acceptDelivery(
        someDelivery(tenant, ['stopped@example.com', 'both@example.com'], { transactional: true }),
      )
      assert.deepEqual([answer.accepted, answer.excluded], [1, { 'hard-bounces': 1 }])
      const bounces = await resolveList(capabilities.database, tenant.service.id, 'hard-bounces')
      const rows = await messagesOf(capabilities, answer.id)
      assert.deepEqual(
        rows.map(({ state, listId, reason, since }) => [state, listId, reason, since]),
        [
          ['queued', tenant.list.id, 'listed', NOON],
          ['excluded', bounces.id, 'listed', NOON],
        ],
      )
    })

    it('may hold ten thousand recipients', async () => {
      const recipients = Array.from({ length: 10_000 }, (_, index) => `r${index}@example.com`)
      const { id, accepted } = await capabilities.acceptDelivery(someDelivery(tenant, recipients))
      assert.equal(accepted, 10_000)
      const rows = await messagesOf(capabilities, id)
      assert.deepEqual(
        rows.map(({ to }) => to),
        recipients,
      )
    })
  })

  describe('a delivery that is refused', () => {
    const refusals: Record<string, [given: Partial<DeliveryRequest>, code: string, field: string]> = {
      'a From that is no address': [{ from: { address: 'news' } }, 'invalid-value', 'from'],
      'a From with angle brackets in its quotes': [
        { from: { address: '"a<b"@example.com' } },
        'invalid-value',
        'from',
      ],
      'a From of nobody': [{ from: { address: 'x@other.example' } }, 'from-not-allowed', 'from'],
      'a line break in the subject': [{ subject: 'a\r\nBcc: x@example.com' }, 'invalid-value', 'subject'],
      'a header that is none': [{ headers: { 'X Tag': 'x' } }, 'invalid-value', 'headers.X Tag'],
      'a header of ours to set': [
        { headers: { 'Message-ID': '<x@y.z>' } },
        'invalid-value',
        'headers.Message-ID',
      ],
      'an http link of a recipient': [
        { recipients: [{ to: 'a@example.com', unsubscribeUrl: 'http://x.example' }] },
        'invalid-value',
        'recipients[0].unsubscribeUrl',
      ],
      'too many recipients': [
        { recipients: Array.from({ length: 10_001 }, () => ({ to: 'a@example.com' })) },
        'too-many-recipients',
        'recipients',
      ],
      'a whole message of another From': [
        { raw: Buffer.from('From: other@example.com\n\nx\n'), text: undefined },
        'invalid-value',
        'raw',
      ],
      'a whole message with two From fields': [
        { raw: Buffer.from('From: news@example.com\nfrom : x@example.com\n\nx\n'), text: undefined },
        'invalid-value',
        'raw',
      ],
      'a whole message beside a text': [
        { raw: Buffer.from('From: news@example.com\n\nx\n'), text: 'x' },
        'invalid-value',
        'text',
      ],
      'a whole message whose Message-ID leaves the link no room': [
        {
          raw: Buffer.from(`From: news@example.com\nMessage-ID: <${'x'.repeat(800)}@y.example>\n\nx\n`),
          text: undefined,
        },
        'invalid-value',
        'raw',
      ],
    }
    for (const [what, [given, code, field]] of Object.entries(refusals)) {
      it(`leaves nothing behind: ${what}`, async () => {
        await refused({ ...someDelivery(tenant, ['a@example.com']), ...given }, code, field)
        assert.deepEqual(await deliveriesOf(tenant), [])
      })
    }

    it('leaves nothing behind: neither text nor HTML', async () => {
      const { text: _, ...request } = someDelivery(tenant, ['a@example.com'])
      await refused(request, 'invalid-value', 'text')
      assert.deepEqual(await deliveriesOf(tenant), [])
    })

    it('leaves nothing behind: the look-up cannot be made', async () => {
      const accept = createAcceptDelivery({
        ...capabilities,
        lookUp: () => Promise.reject(new DatabaseUnavailable('away')),
        deliveryIds: capabilities.ids.delivery,
        messageIds: capabilities.ids.message,
        insertMail: createInsertMail(capabilities.database),
        readServiceLists: serviceListsReader(capabilities.database),
        onAccepted: () => assert.fail('nothing was accepted'),
      })
      await assert.rejects(accept(someDelivery(tenant, ['a@example.com'])), DatabaseUnavailable)
      assert.deepEqual(await deliveriesOf(tenant), [])
    })
  })

  describe('filters', () => {
    it('exclude by every match, one recipient from each list that applies', async () => {
      await tenant.addFilter({ name: 'A', header: 'X-Kind', pattern: 'sale' })
      await tenant.addFilter({ name: 'B', header: 'Subject', pattern: '^.*特売', match: 'regex' })
      await tenant.addFilter({ name: 'C', header: 'X-Kind', pattern: 'other' })
      await tenant.stop('filter:A', 'a@example.com', 'both@example.com')
      await tenant.stop('filter:B', 'b@example.com', 'both@example.com')
      await tenant.stop('filter:C', 'c@example.com')
      const recipients = ['a', 'b', 'c', 'both'].map((name) => `${name}@example.com`)
      const given = { subject: '本日の特売', headers: { 'x-kind': 'sale' } }
      const answer = await capabilities.acceptDelivery(someDelivery(tenant, recipients, given))
      assert.deepEqual([answer.accepted, answer.excluded], [1, { 'filter:A': 2, 'filter:B': 1 }])
    })

    it('look at a header of each recipient’s own when a placeholder stands in it', async () => {
      await tenant.addFilter({ name: 'A', header: 'X-List', pattern: 'a' })
      await tenant.stop('filter:A', 'one@example.com', 'other@example.com')
      const answer = await capabilities.acceptDelivery(
        someDelivery(
          tenant,
          [
            { to: 'one@example.com', substitutions: { list: 'a' } },
            { to: 'other@example.com', substitutions: { list: 'b' } },
          ],
          { headers: { 'X-List': '{{list}}' } },
        ),
      )
      assert.deepEqual(answer.excluded, { 'filter:A': 1 })
      const rows = await messagesOf(capabilities, answer.id)
      assert.deepEqual(
        rows.map(({ state }) => state),
        ['excluded', 'queued'],
      )
    })

    it('look at From, Reply-To and Subject as people read them', async () => {
      await tenant.addFilter({ name: 'From', header: 'From', pattern: 'お店 <news@example.com>' })
      await tenant.addFilter({ name: 'Reply-To', header: 'Reply-To', pattern: 'help@example.com' })
      await tenant.stop('filter:From', 'a@example.com')
      await tenant.stop('filter:Reply-To', 'b@example.com')
      const from = { name: 'お店', address: 'news@example.com' }
      const replyTo = { address: 'help@example.com' }
      const recipients = ['a@example.com', 'b@example.com']
      const composed = await capabilities.acceptDelivery(someDelivery(tenant, recipients, { from, replyTo }))
      assert.deepEqual(composed.excluded, { 'filter:From': 1, 'filter:Reply-To': 1 })
      const head = 'From: =?utf-8?B?44GK5bqX?= <news@example.com>\nReply-To: help@example.com\n'
      const raw = Buffer.from(`${head}Subject: x\n\nx\n`)
      const whole = await capabilities.acceptDelivery(someDelivery(tenant, recipients, { raw }))
      assert.deepEqual(whole.excluded, composed.excluded)
    })

    it('exclude no more once they are deleted', async () => {
      const { classId } = await tenant.addFilter({ name: 'A', header: 'X-Kind', pattern: 'sale' })
      await tenant.stop('filter:A', 'a@example.com')
      const request = someDelivery(tenant, ['a@example.com'], { headers: { 'X-Kind': 'sale' } })
      assert.equal((await capabilities.acceptDelivery(request)).accepted, 0)
      await deleteFilter(capabilities.database, tenant.service.id, classId ?? '', NOON)
      assert.equal((await capabilities.acceptDelivery(request)).accepted, 1)
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
