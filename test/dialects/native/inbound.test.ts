import assert from 'node:assert/strict'
import { test } from 'node:test'
import { purgeInboundMails } from '../../../src/inbound/purge-mails.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOW, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const AT = new Date(NOW).toISOString()

type Api = Awaited<ReturnType<typeof startNativeApi>>

/** Mails somebody, as far as the rows tell; answers the Message-ID. */
async function mailed({ call, database }: Api, to: string): Promise<string> {
  const delivery = { from: 'news@example.com', subject: 'News', text: 'Hello', recipients: [{ to }] }
  const { id } = (await call('POST', '/services/10/deliveries', delivery)).body
  const { items } = (await call('GET', `/services/10/deliveries/${id}/messages`)).body
  const sent = { state: 'sent', attempts: 1 } as const
  await database.transact([database.query.updateTable('message').set(sent).where('id', '=', items[0].id)])
  return items[0].messageId
}

function bounce(messageId: string, recipient: string): string {
  return [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example.net',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such user',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${messageId}>`,
    '',
    '--b--',
    '',
  ].join('\r\n')
}

const asMail = { 'content-type': 'message/rfc822' }

forEachEngine((engine) => {
  test('a bounce that somebody pipes in is found by the Message-ID, in the service that vouches for it alone', async (t) => {
    const api = await startNativeApi(t, { engine })
    const { call } = api
    const report = bounce(await mailed(api, 'gone@example.jp'), 'gone@example.jp')
    const elsewhere = await call('POST', '/services/11/inbound', report, asMail)
    assert.deepEqual(elsewhere.body, { items: [{ kind: 'bounce', outcome: 'not-understood' }] })
    const check = { from: 'news@example.com', recipients: ['gone@example.jp'] }
    assert.deepEqual((await call('POST', '/services/10/check', check)).body.deliverable, ['gone@example.jp'])

    const taken = await call('POST', '/services/10/inbound', report, asMail)
    assert.deepEqual([taken.status, taken.body], [200, { items: [{ kind: 'bounce', outcome: 'hard' }] }])
    assert.deepEqual(
      (await call('POST', '/services/10/check', check)).body.excluded[0].reason,
      'user-unknown',
    )
    const repeated = await call('POST', '/services/10/inbound', report, asMail)
    assert.deepEqual(repeated.body, { items: [{ kind: 'bounce', outcome: 'repeat' }] })

    const { events } = (await call('POST', '/services/10/timeline', { address: 'gone@example.jp' })).body
    assert.deepEqual(events[0].evidence, {
      ...{ method: 'bounce', clientAddress: '', userAgent: null, keyId: null },
      ...{ code: '5.1.1', diagnostic: '550 5.1.1 no such user', rule: events[0].evidence.rule },
    })
    const [kept] = (await call('GET', '/services/10/inbound')).body.items
    assert.deepEqual(
      [kept.outcome, kept.address, kept.sender, kept.recipient, kept.receivedAt, kept.size],
      ['hard', 'gone@example.jp', '', null, AT, report.length],
    )
    const raw = await call('GET', `/services/10/inbound/${kept.id}/raw`)
    assert.deepEqual([raw.type, raw.text], ['message/rfc822', report])
  })

  test('what is not understood is seen to, or looked at again', async (t) => {
    const api = await startNativeApi(t, { engine })
    const { call, database, time } = api
    const messageId = await mailed(api, 'gone@example.jp')
    // Nobody has mailed them by then, as far as this service knows.
    await database.transact([database.query.updateTable('message').set({ attempts: 0 })])
    const report = bounce(messageId, 'gone@example.jp')
    for (const content of [report, 'Subject: hello\r\n\r\nHello']) {
      await call('POST', '/services/10/inbound?recipient=someone@in.example', content, asMail)
    }
    const open = async () => (await call('GET', '/services/10/inbound?open=true')).body.items
    const [letter, bounced] = await open()
    assert.deepEqual([letter.detail.why, bounced.detail.why], ['not-a-report', 'unknown-message'])

    await database.transact([database.query.updateTable('message').set({ attempts: 1 })])
    const retried = await call('POST', `/services/10/inbound/${bounced.id}/retry`)
    assert.deepEqual([retried.body.outcome, retried.body.address], ['hard', 'gone@example.jp'])
    assert.equal((await call('POST', `/services/10/inbound/${bounced.id}/retry`)).body.code, 'wrong-state')
    const check = { from: 'news@example.com', recipients: ['gone@example.jp'] }
    assert.deepEqual((await call('POST', '/services/10/check', check)).body.deliverable, [])

    const resolved = await call('POST', `/services/10/inbound/${letter.id}/resolve`)
    assert.deepEqual([resolved.body.resolvedAt, resolved.body.resolvedBy], [AT, 'api:admin'])
    assert.deepEqual(await open(), [])
    const audit = (await call('GET', '/audit?limit=2')).body.items
    assert.deepEqual(
      audit.map(({ action }: { action: string }) => action),
      ['inbound.resolve', 'inbound.retry'],
    )

    time.now += 30 * DAY_MS
    assert.equal(await purgeInboundMails(database, time.now, { nobodysDays: 30 }), 2)
    assert.deepEqual((await call('GET', '/services/10/inbound')).body.items, [])
  })
})

test('mail about a person who is erased is blank, and what it said keeps excluding them', async (t) => {
  const api = await startNativeApi(t)
  const { call, database, parts } = api
  const report = bounce(await mailed(api, 'gone@example.jp'), 'gone@example.jp')
  await call('POST', '/services/10/inbound', report, asMail)
  await parts.erase(await parts.findService(10), 'gone@example.jp', 'operator')
  const [kept] = (await call('GET', '/services/10/inbound')).body.items
  assert.match(kept.address, /^erased:/)
  assert.deepEqual([kept.outcome, kept.detail.erased, kept.detail.diagnostic], ['hard', true, undefined])
  assert.equal((await call('GET', `/services/10/inbound/${kept.id}/raw`)).text, '')
  const rows = await database.read(database.query.selectFrom('inbound_mail').selectAll())
  assert.doesNotMatch(JSON.stringify(rows), /gone@/)

  const letter = 'From: gone@example.jp\r\nSubject: hello\r\n\r\nHello'
  await call('POST', '/services/10/inbound', letter, asMail)
  const [blank] = (await call('GET', '/services/10/inbound')).body.items
  assert.deepEqual([blank.outcome, blank.detail], ['not-understood', { why: 'not-a-report', erased: true }])
  const retried = await call('POST', `/services/10/inbound/${blank.id}/retry`)
  assert.deepEqual([retried.status, retried.body.code], [409, 'wrong-state'])
  const check = { from: 'news@example.com', recipients: ['gone@example.jp'] }
  assert.equal((await call('POST', '/services/10/check', check)).body.excluded[0].reason, 'user-unknown')
})

test('mail of a service is not seen by another one, nor taken from who may not edit', async (t) => {
  const { call } = await startNativeApi(t)
  await call('POST', '/services/10/inbound', 'Subject: hello\r\n\r\nHello', asMail)
  const [{ id }] = (await call('GET', '/services/10/inbound')).body.items
  for (const path of [
    `/services/11/inbound/${id}`,
    `/services/11/inbound/${id}/raw`,
    '/services/10/inbound/999',
  ]) {
    assert.equal((await call('GET', path)).status, 404, path)
  }
  assert.deepEqual((await call('GET', '/services/11/inbound')).body.items, [])
  const viewer = { authorization: `Bearer ${VIEWER_KEY}` }
  assert.equal((await call('POST', '/services/10/inbound', 'x', { ...asMail, ...viewer })).status, 403)
  assert.equal((await call('GET', `/services/10/inbound/${id}/raw`, undefined, viewer)).status, 403)
  assert.equal((await call('GET', '/services/10/inbound', undefined, viewer)).status, 200)
  const stranger = { authorization: `Bearer ${STRANGER_KEY}` }
  assert.equal((await call('GET', '/services/10/inbound', undefined, stranger)).status, 404)
  assert.equal((await call('POST', '/services/10/inbound', '', asMail)).status, 400)
})

test('the operator sees the mail that is nobody’s', async (t) => {
  const { call, inbound } = await startNativeApi(t)
  const address = (await call('GET', '/services/10/inbound/addresses')).body.complaints
  assert.deepEqual(inbound.addresses?.read(address), { kind: 'complaint', serviceId: 10 })
  const { signUp } = (await call('GET', '/services/10/inbound/addresses')).body
  assert.deepEqual(inbound.addresses?.read(signUp), { kind: 'sign-up', serviceId: 10 })
})
