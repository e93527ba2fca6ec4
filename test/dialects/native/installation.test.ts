import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toMasterKey } from '../../../src/config/master-key.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { createLinks } from '../../../src/tokens/link.ts'
import { createUnverifiedStore } from '../../../src/unsubscribe/unverified-request.ts'
import { forEachEngine } from '../../support/engines.ts'
import { CONTROL_TOKEN, NOW, startNativeApi } from './native-api.ts'

const AT = new Date(NOW).toISOString()
const operator = { authorization: `Bearer ${CONTROL_TOKEN}` }
const asMail = { 'content-type': 'message/rfc822' }
const LOST = toMasterKey(Buffer.alloc(32, 8))
const FORGED = toMasterKey(Buffer.alloc(32, 9))

type Api = Awaited<ReturnType<typeof startNativeApi>>

/** Keeps a request by a link that was made with a key which this process lacks. */
async function ask({ database, call }: Api, key: typeof LOST, recipient: string): Promise<void> {
  const [{ classId }] = (await call('GET', '/services/10/senders')).body.items
  const links = createLinks({ keyring: new Keyring([key]), publicUrl: 'https://u.example' })
  const { url } = links.make(
    { classId, kind: 'sender', label: 'news@example.com' },
    { recipient, mintedAt: NOW, message: null },
  )
  await createUnverifiedStore(database).keep({
    target: { classId, token: url.slice(url.indexOf('/-') + 2) },
    keyId: key.id,
    receivedAt: NOW,
    evidence: { method: 'POST', clientAddress: '192.0.2.7', userAgent: 'Provider/1.0' },
  })
}

forEachEngine((engine) => {
  test('mail that came in for no service is found apart from that of services, read, judged again and seen to', async (t) => {
    const { call, inbound } = await startNativeApi(t, { engine })
    const as = (method: 'GET' | 'POST', path: string) => call(method, path, undefined, operator)
    await inbound.receiveMail({
      ...{ raw: Buffer.from('Subject: hello\r\n\r\nHello'), sender: '', recipient: 'info@in.example' },
      ...{ clientAddress: null, helo: null, receivedAt: NOW, vouchedBy: 'nobody' },
    })
    await call('POST', '/services/10/inbound', 'Subject: news\r\n\r\nNews', asMail)
    assert.equal((await as('GET', '/installation/attention')).body.openMails, 1)
    const { items } = (await as('GET', '/installation/inbound?open=true')).body
    assert.deepEqual(
      items.map((mail: { serviceId: number | null; outcome: string }) => [mail.serviceId, mail.outcome]),
      [[null, 'not-understood']],
    )
    const path = `/installation/inbound/${items[0].id}`
    assert.equal((await as('GET', `${path}/raw`)).text, 'Subject: hello\r\n\r\nHello')
    assert.equal((await as('POST', `${path}/retry`)).body.outcome, 'not-understood')
    assert.equal((await as('POST', `${path}/resolve`)).body.resolvedAt, AT)
    assert.deepEqual((await as('GET', '/installation/inbound?open=true')).body.items, [])
    const [ofService] = (await call('GET', '/services/10/inbound')).body.items
    assert.equal((await as('GET', `/installation/inbound/${ofService.id}`)).status, 404)
    assert.equal((await as('POST', `/installation/inbound/${ofService.id}/resolve`)).status, 404)
  })

  test('requests that wait for a key are listed without their tokens, carried out once it is there, or given up', async (t) => {
    const api = await startNativeApi(t, { engine })
    const as = (method: 'GET' | 'POST', path: string, body?: unknown) =>
      api.call(method, path, body, operator)
    await ask(api, LOST, 'taro@example.jp')
    await ask(api, FORGED, 'hanako@example.jp')
    const attention = await as('GET', '/installation/attention')
    assert.deepEqual(attention.body, { openMails: 0, unverifiedRequests: 2, journalWaits: false })
    assert.equal((await api.call('GET', '/services/10/attention')).body.unverifiedRequests, 2)
    assert.equal((await api.call('GET', '/services/11/attention')).body.unverifiedRequests, 0)

    const found = await as('GET', `/installation/unverified-requests?keyId=${LOST.id}`)
    const [{ id: _, ...request }] = found.body.items
    assert.deepEqual(request, {
      ...{ keyId: LOST.id, serviceId: 10, service: 'news', list: 'sender:news@example.com' },
      ...{ receivedAt: AT, method: 'POST', clientAddress: '192.0.2.7', userAgent: 'Provider/1.0' },
    })
    const first = (await as('GET', '/installation/unverified-requests?limit=1')).body
    const second = (await as('GET', `/installation/unverified-requests?limit=1&cursor=${first.next}`)).body
    assert.notEqual(first.items[0].id, second.items[0].id)
    assert.equal(second.next, null)

    const untimely = await as('POST', '/installation/unverified-requests/retry')
    assert.deepEqual(untimely.body, { replayed: 0, broken: 0, stillWaiting: 2 })
    api.keyring.add(LOST)
    const keys = (await as('GET', '/installation/unverified-requests/keys')).body.items
    assert.deepEqual(
      keys.map(({ keyId, isHere }: { keyId: string; isHere: boolean }) => [keyId, isHere]).sort(),
      [
        [FORGED.id, false],
        [LOST.id, true],
      ].sort(),
    )
    const retried = await as('POST', '/installation/unverified-requests/retry')
    assert.deepEqual(retried.body, { replayed: 1, broken: 0, stillWaiting: 1 })
    const check = { from: 'news@example.com', recipients: ['taro@example.jp', 'hanako@example.jp'] }
    assert.deepEqual((await api.call('POST', '/services/10/check', check)).body.deliverable, [
      'hanako@example.jp',
    ])

    const discarded = await as('POST', '/installation/unverified-requests/discard', { keyId: FORGED.id })
    assert.deepEqual(discarded.body, { discarded: 1 })
    assert.deepEqual((await as('GET', '/installation/unverified-requests')).body.items, [])
    const audit = (await api.call('GET', '/audit?limit=2', undefined, operator)).body.items
    assert.deepEqual(
      audit.map(({ action, detail }: { action: string; detail: object }) => [action, detail]),
      [
        ['unverified.discard', { discarded: 1 }],
        ['keys.repair', { replayed: 1, broken: 0 }],
      ],
    )
    const nameless = await as('POST', '/installation/unverified-requests/discard', {})
    assert.deepEqual([nameless.status, nameless.body.field], [400, 'keyId'])
  })
})
