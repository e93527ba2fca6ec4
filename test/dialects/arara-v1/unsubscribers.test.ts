import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { rowSet } from '../../../src/storage/row-set.ts'
import { findSender } from '../../../src/tenants/sender.ts'
import { forEachEngine } from '../../support/engines.ts'
import { stop } from '../../suppression/changes.ts'
import { request, startAraraV1 } from './arara-v1.ts'
import { asked, NEWS, requestersOf, senderOf } from './requesters.ts'

forEachEngine((engine) => {
  describe('the unsubscribe family of API v1', () => {
    type Kaijo = Awaited<ReturnType<typeof startAraraV1>>
    let kaijo: Kaijo
    const cleanUps: (() => Promise<void>)[] = []
    before(async () => {
      const lifetime = { after: (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp) }
      kaijo = await startAraraV1(lifetime, { engine: engine.name })
    })
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp()
    })

    it('registers a sender, the same one again for a repeat', async () => {
      const body = request(
        '<unsubscription_request><header_from>sender@example.com</header_from></unsubscription_request>',
      )
      const first = await kaijo.post('unsubscribe_receivers', body)
      const second = await kaijo.post('unsubscribe_receivers', body)
      const { database, links } = kaijo.capabilities
      const sender = await findSender(database, kaijo.service.id, 'sender@example.com')
      assert.equal(sender?.oneClick, true)
      assert.equal(first.headers.get('content-type'), 'text/xml; charset=UTF-8')
      assert.deepEqual([first.status, second.text], [200, first.text])
      assert.equal(
        first.text,
        `<?xml version="1.0" encoding="UTF-8" ?>
<response>
<result code="0">正常終了</result>
<header_from>sender@example.com</header_from>
<base_url>${links.baseUrl({ classId: sender?.classId ?? '' })}</base_url>
</response>`,
      )
    })

    it('answers the requests of a day byte for byte as the sample of the vendor', async () => {
      const { listId } = await senderOf(kaijo, 'xxxxxx@example.com')
      await kaijo.capabilities.recorder.record(
        stop(listId, 'xxxxxx@xxx.jp', {
          requestedAt: Date.parse('2021-05-01T16:34:56+09:00'),
          messageId: 'xxxxxx@xxx.jp',
        }),
      )
      await kaijo.capabilities.recorder.record({
        ...stop(listId, 'xxxxxx@xxx.jp', { requestedAt: Date.parse('2021-05-01T17:00:00+09:00') }),
        kind: 'resume',
      })
      const answer = await kaijo.post('unsubscribe_requesters', asked('xxxxxx@example.com', [2021, 5, 1]))
      assert.equal(
        answer.text,
        `<?xml version="1.0" encoding="UTF-8" ?>
<response>
<unsubscribers>
<header_from>xxxxxx@example.com</header_from>
<requesters>
<requester>
<message_id>xxxxxx@xxx.jp</message_id>
<message_to>xxxxxx@xxx.jp</message_to>
<datetime>2021/05/01 16:34</datetime>
<filtered>0</filtered>
</requester>
</requesters>
</unsubscribers>
</response>`,
      )
      assert.equal(answer.headers.get('x-kaijo-next'), null)
    })

    it('lists who is excluded as filtered, until made deliverable again, which is no error for anyone else', async () => {
      const { post, time, capabilities } = kaijo
      const { listId } = await senderOf(kaijo, NEWS)
      await capabilities.recorder.record(stop(listId, 'taro@example.jp', { requestedAt: time.now }))
      const list = async () =>
        requestersOf(await post('unsubscribe_requesters', asked(NEWS, [2026, 10, '01'])))
      assert.deepEqual(await list(), [
        { message_id: '', message_to: 'taro@example.jp', datetime: '2026/10/01 12:00', filtered: '1' },
      ])
      const again = (from: string) =>
        request(
          `<unsubscription_request><header_from>${from}</header_from><message_to>Taro@example.jp</message_to><message_to>nobody@example.jp</message_to></unsubscription_request>`,
        )
      const answer = await post('resubscribers', again(NEWS))
      assert.deepEqual(
        [answer.status, answer.text],
        [
          200,
          '<?xml version="1.0" encoding="UTF-8" ?>\n<response>\n<result code="0">正常終了</result>\n</response>',
        ],
      )
      assert.equal((await list())[0]?.['filtered'], '0')
      assert.equal((await post('resubscribers', again('nobody@example.com'))).status, 200)
    })

    it('lists opaque parts among addresses in the order in which they came', async () => {
      const { capabilities, post, time, url } = kaijo
      await post('unsubscribe_receivers', request('<a><header_from>opaque@example.com</header_from></a>'))
      const sender = await findSender(capabilities.database, kaijo.service.id, 'opaque@example.com')
      const at = time.now
      await fetch(`${url}/${sender?.classId}/member=7&x=<y>`, { method: 'POST' })
      time.now = at + 60_000
      await capabilities.recorder.record(
        stop(sender?.listId ?? 0, 'taro@example.jp', { requestedAt: time.now, messageId: '1.2@example.com' }),
      )
      time.now = at + 120_000
      await fetch(`${url}/${sender?.classId}/member=8`, { method: 'POST' })
      assert.deepEqual(
        await requestersOf(await post('unsubscribe_requesters', asked('opaque@example.com', [2026, 10, 1]))),
        [
          {
            message_id: '',
            message_to: '',
            opaque_part: '/member=7&x=%3Cy%3E',
            datetime: '2026/10/01 12:00',
            filtered: '0',
          },
          {
            message_id: '1.2@example.com',
            message_to: 'taro@example.jp',
            datetime: '2026/10/01 12:01',
            filtered: '1',
          },
          {
            message_id: '',
            message_to: '',
            opaque_part: '/member=8',
            datetime: '2026/10/01 12:02',
            filtered: '0',
          },
        ],
      )
      time.now = at
    })

    it('answers 25,000 requesters of one day, cut at 8 MiB and gone on behind the cursor', async () => {
      const { post } = kaijo
      const from = 'many@example.com'
      const { listId } = await senderOf(kaijo, from)
      // Three in each millisecond, so that a cut falls among equals.
      await fill(kaijo, listId, 25_000, 60, Date.parse('2026-09-30T00:00:00+09:00'))
      const whole = await post('unsubscribe_requesters', asked(from, [2026, 9, 30]))
      const all = await requestersOf(whole)
      assert.equal(all.length, 25_000)
      assert.ok(Buffer.byteLength(whole.text) <= 8_388_608)

      await fill(kaijo, listId, 25_000, 300, Date.parse('2026-09-29T00:00:00+09:00'))
      const first = await post('unsubscribe_requesters', asked(from, [2026, 9, 29]))
      const cursor = first.headers.get('x-kaijo-next')
      assert.ok(cursor)
      assert.ok(Buffer.byteLength(first.text) <= 8_388_608)
      assert.ok(Buffer.byteLength(first.text) > 8_388_608 - 1_000)
      const second = await post(
        'unsubscribe_requesters',
        asked(from, [2026, 9, 29], `<cursor>${cursor}</cursor>`),
      )
      assert.equal(second.headers.get('x-kaijo-next'), null)
      const addresses = [...(await requestersOf(first)), ...(await requestersOf(second))].map(
        (row) => row['message_id'],
      )
      assert.deepEqual([addresses.length, new Set(addresses).size], [25_000, 25_000])
      const elsewhere = await post(
        'unsubscribe_requesters',
        asked(from, [2026, 9, 30], `<cursor>${cursor}</cursor>`),
      )
      assert.deepEqual([elsewhere.status, /cursor/.test(elsewhere.text)], [400, true])
    })
  })
})

/** So many requests on a list, three in each millisecond, with message ids of so many characters. */
async function fill(
  { capabilities: { database } }: Awaited<ReturnType<typeof startAraraV1>>,
  listId: number,
  count: number,
  idLength: number,
  start: number,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => ({
    address: `p${i}.${start}@example.com`,
    message: String(i).padStart(idLength, 'm'),
    at: start + Math.floor(i / 3),
  }))
  const given = rowSet(database, 'given', { address: 'text', message: 'text', at: 'integer' }, rows)
  const insert = sql`insert into event (address_key, list_id, recorded_at, kind, address, requested_at, reason,
    source, message_id, older_mail) select address, ${sql.lit(listId)}, at, 'stop', address, at, 'unsubscribed',
    'one-click', message, 0 from ${given}`
  await database.transact([{ compile: () => insert.compile(database.query) }])
}
