import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countListed } from '../../../src/suppression/reading/count-listed.ts'
import { forEachEngine } from '../../support/engines.ts'
import { startNativeApi } from './native-api.ts'

const SERVICE = '/services/10'

forEachEngine((engine) => {
  test('who came onto lists is counted by day, also when they were taken off since, and what needs attention is told', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const put = (list: string, ...addresses: string[]) =>
      call('POST', `${SERVICE}/suppressions`, { list, addresses })
    await put('sender:news@example.com', 'a@example.jp', 'b@example.jp')
    await put('hard-bounces', 'c@example.jp')
    await put('blocklist', 'd@example.jp')
    await call('POST', `${SERVICE}/suppressions/resume`, {
      list: 'sender:news@example.com',
      addresses: ['a@example.jp'],
    })
    time.now += 86_400_000
    await put('complaints', 'e@example.jp')
    const { status, body } = await call('GET', `${SERVICE}/counts/lists`)
    const none = { unsubscribed: 0, hardBounces: 0, complaints: 0, isMore: false }
    assert.deepEqual(
      [status, body.items, body.lists],
      [
        200,
        [
          { day: '2026-11-21', ...none, unsubscribed: 2, hardBounces: 1 },
          { day: '2026-11-22', ...none, complaints: 1 },
        ],
        [{ list: 'sender:news@example.com', count: 2, isMore: false }],
      ],
    )
    const attention = await call('GET', `${SERVICE}/attention`)
    assert.deepEqual(
      [attention.status, attention.body],
      [
        200,
        {
          sendersWithoutKey: ['news@example.com'],
          failedImports: 0,
          unverifiedRequests: 0,
          openMails: 0,
          expiring: { count: 0, isMore: false },
          peaks: [],
        },
      ],
    )
  })

  test('what comes back about mail is counted for its sender by day, and stands out where it does', async (t) => {
    const api = await startNativeApi(t, { engine })
    const { call, database } = api
    const report = (messageId: string, to: string, status: string, said: string) =>
      call('POST', `${SERVICE}/inbound`, bounce(messageId, to, status, said), {
        'content-type': 'message/rfc822',
      })
    for (let number = 0; number < 20; number++) {
      const to = `person${number}@example.jp`
      const taken = await report(await mailed(api, to), to, '5.7.1', '550 5.7.1 blocked using a blocklist')
      assert.deepEqual(taken.body.items, [{ kind: 'bounce', outcome: 'sender' }])
    }
    const messageId = await mailed(api, 'gone@example.jp')
    for (let times = 0; times < 2; times++) {
      await report(messageId, 'gone@example.jp', '5.1.1', '550 5.1.1 no such user')
    }
    await report(await mailed(api, 'full@example.jp'), 'full@example.jp', '4.2.2', '452 4.2.2 mailbox full')
    const { items } = (await call('GET', `${SERVICE}/counts/days`)).body
    const [{ day, accepted, bounced, returned, blamed, complained }] = items
    assert.deepEqual(
      { accepted, bounced, returned, blamed, complained },
      { accepted: 22, bounced: 1, returned: 1, blamed: 20, complained: 0 },
    )
    const counts = (await call('GET', `${SERVICE}/counts`)).body.items as {
      outcome: string
      sender: string
    }[]
    assert.equal(counts.find(({ outcome }) => outcome === 'bounced')?.sender, 'news@example.com')
    const { peaks } = (await call('GET', `${SERVICE}/attention`)).body
    assert.deepEqual(peaks, [{ day, outcome: 'blamed', count: 20, usual: 0 }])
    const unread = await database.read(database.query.selectFrom('inbound_mail').select('outcome'))
    assert.equal(unread.length, 22, 'what was told twice is kept once')
  })

  test('a list that took more in a day than is counted says so, and counts no further', async (t) => {
    const { call, database } = await startNativeApi(t, { engine })
    const addresses = Array.from({ length: 5 }, (_, number) => `person${number}@example.jp`)
    await call('POST', `${SERVICE}/suppressions`, { list: 'blocklist', addresses })
    const from = Date.UTC(2026, 10, 20)
    const days = [{ day: '2026-11-21', from, to: from + 3 * 86_400_000 }]
    const listed = await countListed(database, 10, days, 3)
    assert.deepEqual(
      listed.map(({ day, count }) => ({ day, count })),
      [{ day: '2026-11-21', count: 3 }],
    )
  })

  test('who becomes deliverable again within a week is told', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const addresses = ['a@example.jp', 'b@example.jp']
    await call('POST', `${SERVICE}/suppressions`, { list: 'sender:news@example.com', addresses })
    const expiring = async () => (await call('GET', `${SERVICE}/attention`)).body.expiring
    assert.deepEqual(await expiring(), { count: 0, isMore: false })
    time.now += 84 * 86_400_000
    assert.deepEqual(await expiring(), { count: 2, isMore: false })
  })
})

type Api = Awaited<ReturnType<typeof startNativeApi>>

/** Mails somebody, as far as the rows tell; answers the Message-ID. */
async function mailed({ call, database }: Api, to: string): Promise<string> {
  const delivery = { from: 'news@example.com', subject: 'News', text: 'Hello', recipients: [{ to }] }
  const { id } = (await call('POST', `${SERVICE}/deliveries`, delivery)).body
  const { items } = (await call('GET', `${SERVICE}/deliveries/${id}/messages`)).body
  const sent = { state: 'sent', attempts: 1 } as const
  await database.transact([database.query.updateTable('message').set(sent).where('id', '=', items[0].id)])
  return items[0].messageId
}

function bounce(messageId: string, recipient: string, status: string, said: string): string {
  return [
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
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${said}`,
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
