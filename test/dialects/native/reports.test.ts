import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { startNativeApi, VIEWER_KEY } from './native-api.ts'

const SERVICE = '/services/10'
const TIME = '2026-11-21T00:30:00.000Z'
const LIST = 'sender:news@example.com'
const DAY_MS = 86_400_000

/** A delivery to two, of whom one is excluded, and another one a day later. */
async function withMail(
  t: Parameters<typeof startNativeApi>[0],
  options?: Parameters<typeof startNativeApi>[1],
) {
  const api = await startNativeApi(t, options)
  const { call, time } = api
  const accept = async (recipients: string[], more: object = {}) => {
    const mail = { from: 'news@example.com', subject: 'Hi', text: 'Hello', ...more }
    const answer = await call('POST', `${SERVICE}/deliveries`, {
      ...mail,
      recipients: recipients.map((to) => ({ to })),
    })
    return answer.body.id as number
  }
  await call('POST', `${SERVICE}/suppressions`, { list: LIST, addresses: ['stopped@example.jp'] })
  const first = await accept(['a@example.jp', 'Stopped@example.jp'])
  time.now += DAY_MS
  const second = await accept(['a@example.jp'], { from: 'other@example.com' })
  return { ...api, first, second }
}

forEachEngine((engine) => {
  test('a search for messages takes addresses in its body and shows what excluded them, where and when', async (t) => {
    const { call, first } = await withMail(t, { engine })
    const search = (body: object, query = '') => call('POST', `${SERVICE}/messages/search${query}`, body)
    const { items, next } = (await search({ state: 'excluded' })).body
    assert.equal(next, null)
    assert.deepEqual(items, [
      {
        id: items[0].id,
        deliveryId: first,
        to: 'Stopped@example.jp',
        from: 'news@example.com',
        state: 'excluded',
        list: LIST,
        reason: 'listed',
        since: TIME,
        attempts: 0,
        copyAs: null,
        dueAt: null,
        reply: null,
        messageId: `${first}.${items[0].id}@example.com`,
        acceptedAt: TIME,
        updatedAt: TIME,
      },
    ])
    const found = async (body: object) =>
      (await search(body)).body.items.map((item: { to: string; from: string }) => `${item.from} ${item.to}`)
    const [byNews, byOther] = ['news@example.com a@example.jp', 'other@example.com a@example.jp']
    assert.deepEqual(await found({ recipient: 'A@example.jp' }), [byOther, byNews])
    assert.deepEqual(await found({ sender: 'Other@example.com' }), [byOther])
    assert.deepEqual(await found({ delivery: first, state: 'queued' }), [byNews])
    assert.deepEqual(await found({ list: LIST }), ['news@example.com Stopped@example.jp'])
    // A day of Tokyo, which counts whole.
    assert.deepEqual(await found({ from: '2026-11-22', to: '2026-11-22' }), [byOther])

    const page = (await search({}, '?limit=2')).body
    const rest = (await search({}, `?limit=2&cursor=${page.next}`)).body
    assert.deepEqual([page.items.length, rest.items.length, rest.next], [2, 1, null])
  })

  test('counters are read by day, sender and list, and summed by day', async (t) => {
    const { call } = await withMail(t, { engine })
    const { items } = (await call('GET', `${SERVICE}/counts`)).body
    assert.deepEqual(items, [
      { day: '2026-11-21', sender: 'news@example.com', outcome: 'accepted', list: null, count: 1 },
      { day: '2026-11-21', sender: 'news@example.com', outcome: 'excluded', list: LIST, count: 1 },
      { day: '2026-11-22', sender: 'other@example.com', outcome: 'accepted', list: null, count: 1 },
    ])
    const { next } = (await call('GET', `${SERVICE}/counts?limit=1`)).body
    const second = (await call('GET', `${SERVICE}/counts?limit=1&cursor=${next}`)).body
    assert.deepEqual(second.items, items.slice(1, 2))
    const days = (await call('GET', `${SERVICE}/counts/days?from=2026-11-21&to=2026-11-21`)).body
    const back = { bounced: 0, returned: 0, blamed: 0, complained: 0 }
    const none = { sent: 0, kept: 0, failed: 0, cancelled: 0, ...back }
    assert.deepEqual(days, { items: [{ day: '2026-11-21', accepted: 1, excluded: 1, ...none }] })
  })

  test('messages and counters are streamed as CSV and NDJSON with the times of the zone', async (t) => {
    const { call, first } = await withMail(t, { engine })
    const csv = await call('POST', `${SERVICE}/exports/messages?bom=true`, { state: 'excluded' })
    assert.deepEqual([csv.status, csv.type], [200, 'text/csv; charset=utf-8; header=present'])
    const [head, row = '', end] = csv.text.split('\r\n')
    assert.equal(
      head,
      '\ufeffacceptedAt,deliveryId,id,from,to,state,list,reason,since,attempts,reply,messageId,updatedAt',
    )
    const [, , id] = row.split(',')
    const time = '2026-11-21T09:30:00+09:00'
    assert.equal(
      row,
      `${time},${first},${id},news@example.com,Stopped@example.jp,excluded,${LIST},listed,${time},0,,${first}.${id}@example.com,${time}`,
    )
    assert.equal(end, '')
    const ndjson = await call('POST', `${SERVICE}/exports/messages?format=ndjson`, {
      recipient: 'a@example.jp',
    })
    const rows = ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      rows.map(({ from, since }) => [from, since]),
      [
        ['other@example.com', null],
        ['news@example.com', null],
      ],
    )
    const counts = await call('GET', `${SERVICE}/exports/counts?to=2026-11-21`)
    assert.equal(
      counts.text,
      'day,sender,outcome,list,count\r\n' +
        '2026-11-21,news@example.com,accepted,,1\r\n' +
        `2026-11-21,news@example.com,excluded,${LIST},1\r\n`,
    )
  })

  test('a re-send asks the lists again and is recorded', async (t) => {
    const { call, first } = await withMail(t, { engine })
    await call('POST', `${SERVICE}/suppressions/resume`, { list: LIST, addresses: ['stopped@example.jp'] })
    const path = `${SERVICE}/deliveries/${first}/resend`
    const body = { list: LIST, recipients: ['stopped@example.jp', 'a@example.jp'] }
    assert.deepEqual((await call('POST', path, body)).body, {
      ...{ queued: 1, excluded: {}, expired: 0, unknown: ['a@example.jp'] },
    })
    assert.deepEqual((await call('GET', `${SERVICE}/deliveries/${first}`)).body.messages, { queued: 2 })
    const [entry] = (await call('GET', '/audit?limit=1')).body.items
    assert.deepEqual(
      [entry.action, entry.subject, entry.detail],
      ['delivery.resend', String(first), { list: LIST, queued: 1 }],
    )

    await call('POST', `${SERVICE}/deliveries/${first}/pause`)
    assert.equal((await call('POST', path, {})).body.code, 'wrong-state')
    assert.equal(
      (await call('POST', `${SERVICE}/deliveries/999999/resend`, {})).body.code,
      'unknown-delivery',
    )
    assert.equal((await call('POST', path, { list: 'filter:none' })).body.code, 'unknown-list')
  })
})

test('a search for deliveries finds by state, sender and reference', async (t) => {
  const { call, first, second } = await withMail(t)
  await call('POST', `${SERVICE}/deliveries/${first}/pause`)
  const found = async (body: object) => {
    const { items } = (await call('POST', `${SERVICE}/deliveries/search`, body)).body
    return items.map(({ id }: { id: number }) => id)
  }
  assert.deepEqual(await found({}), [second, first])
  assert.deepEqual(await found({ state: 'paused' }), [first])
  assert.deepEqual(await found({ sender: 'OTHER@example.com' }), [second])
  assert.deepEqual(await found({ reference: 'autumn' }), [])
  assert.deepEqual(await found({ to: '2026-11-21' }), [first])
})

test('what cannot be searched for is refused with its field', async (t) => {
  const { call } = await startNativeApi(t)
  const refusals = [
    ['POST', '/messages/search', { recipient: 'nobody' }, 'recipient'],
    ['POST', '/messages/search', { sender: 'nobody' }, 'sender'],
    ['POST', '/messages/search', { state: 'lost' }, 'state'],
    ['POST', '/messages/search', { from: '2026-11-02', to: '2026-11-01' }, 'to'],
    ['POST', '/messages/search?cursor=x', {}, 'cursor'],
    ['POST', '/deliveries/search', { reference: 'x'.repeat(101) }, 'reference'],
    ['GET', '/counts?from=2026-11-21T00:00:00Z', undefined, 'from'],
    ['GET', '/counts?from=2020-01-01', undefined, 'from'],
    ['GET', '/counts/days?from=2026-11-02&to=2026-11-01', undefined, 'to'],
    ['GET', '/exports/counts?format=xml', undefined, 'format'],
  ] as const
  for (const [method, path, body, field] of refusals) {
    const answer = await call(method, `${SERVICE}${path}`, body)
    assert.deepEqual([answer.status, answer.body.field], [400, field], path)
  }
})

test('who may view may search but not download or send again', async (t) => {
  const { call, first } = await withMail(t)
  const asViewer = (method: 'GET' | 'POST', path: string, body?: object) =>
    call(method, `${SERVICE}${path}`, body, { authorization: `Bearer ${VIEWER_KEY}` })
  assert.equal((await asViewer('POST', '/messages/search', {})).status, 200)
  assert.equal((await asViewer('GET', '/counts/days')).status, 200)
  assert.equal((await asViewer('POST', '/exports/messages', {})).status, 403)
  assert.equal((await asViewer('GET', '/exports/counts')).status, 403)
  assert.equal((await asViewer('POST', `/deliveries/${first}/resend`, {})).status, 403)
})
