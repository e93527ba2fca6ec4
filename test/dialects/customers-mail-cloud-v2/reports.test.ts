import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { MessageTable } from '../../../src/storage/mail-tables.ts'
import { contentRow, deliveryRow, insertRows, messageRow } from '../../messages/some-rows.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOON, sharedInstallation } from '../../support/installation.ts'
import { ADMIN, addSites, NEW_YORKER, READER } from './vendor-client.ts'

type Record_ = Record<string, string>

const NEWS = { server_composition: 'news' }
const HOUR_MS = 3_600_000

forEachEngine((engine) => {
  const installation = sharedInstallation(engine.name, () => ({
    serves: 'http',
    env: { KAIJO_INBOUND_DOMAIN: 'in.example.com' },
  }))
  let world: Awaited<ReturnType<typeof addSites>>
  const lists = { sender: 0, bounces: 0, block: 0, complaints: 0 }

  const ask = async (path: string, params: object, from: object = READER) => {
    const { status, text } = await world.json(`${path}.json`, { ...from, ...params })
    assert.equal(status, 200, text)
    const [records] = Object.values(JSON.parse(text) as Record<string, Record_[]>)
    return records ?? []
  }
  const names = (records: Record_[]) => records.map(({ to, email }) => (to ?? email ?? '').split('@')[0])

  before(async () => {
    world = await addSites(installation())
    lists.sender = await world.listId('sender', 'news@example.com')
    lists.bounces = await world.listId('hard-bounces', 'hard-bounces')
    lists.block = await world.listId('blocklist', 'blocklist')
    lists.complaints = await world.listId('complaints', 'complaints')
    const service_id = await world.serviceId('news')
    const content = contentRow({ service_id, return_path: 'bounce@example.com' })
    const delivery = deliveryRow({ id: content.id, service_id, subject: '件名', created_at: NOON - DAY_MS })
    let minute = 0
    const message = (name: string, given: Partial<MessageTable>) =>
      messageRow(delivery, {
        address: `${name}@example.jp`,
        message_id: `${name}@mail`,
        accepted_at: NOON - DAY_MS,
        updated_at: NOON - HOUR_MS + ++minute * 60_000,
        ...given,
      })
    const failed = (name: string, reply: string) => message(name, { state: 'failed', reply })
    const excluded = (name: string, excluded_list_id: number) =>
      message(name, { state: 'excluded', attempts: 0, reply: null, excluded_list_id })
    await insertRows(world.database, {
      deliveries: [delivery],
      contents: [content],
      messages: [
        failed('host', '550 5.1.2 no such domain'),
        failed('user', '550 5.1.1 User unknown'),
        failed('timeout', 'given up: 451 4.3.0 try later'),
        failed('policy', '554 5.7.1 rejected by policy'),
        failed('full', '552 5.2.2 mailbox full'),
        failed('loop', '554 5.4.6 routing loop'),
        failed('server', '554 5.3.5 system incorrectly configured'),
        failed('large', '552 5.3.4 message too big'),
        failed('form', '553 5.1.3 bad address syntax'),
        excluded('blocked', lists.bounces),
        excluded('complained', lists.complaints),
        excluded('stopped', lists.sender),
        failed('other', '550 sorry'),
        failed('from', '550 example.com: domain not found'),
        failed('envelope', '550 5.1.2 in.example.com: domain not found'),
        message('sent', { state: 'sent', updated_at: NOON - DAY_MS + 1_000 }),
        message('waiting', { state: 'queued', attempts: 0, reply: null }),
        message('again', { state: 'queued', attempts: 2, reply: '451 4.2.1 greylisted' }),
        message('underway', { state: 'sending', attempts: 1, reply: null }),
        message('kept', { state: 'kept', attempts: 1, reply: null }),
        // Overridden by transactional mail: it went, so it did not bounce.
        message('overridden', { state: 'sent', excluded_list_id: lists.sender }),
      ],
    })
    const { query } = world.database
    const count = (day: string, outcome: 'accepted' | 'excluded' | 'sent' | 'failed', count: number) => ({
      ...{ service_id, day, sender: 'news@example.com', outcome, list_id: 0, count },
    })
    await world.database.transact([
      query
        .insertInto('day_count')
        .values([
          count('2026-09-30', 'accepted', 7),
          count('2026-09-30', 'excluded', 3),
          count('2026-09-30', 'sent', 6),
          count('2026-09-30', 'failed', 1),
          count('2026-10-01', 'accepted', 5),
        ]),
    ])
  })

  describe('bounces/list', () => {
    const bounces = (params: object = {}, from?: object) =>
      ask('bounces/list', { ...NEWS, r: 100, ...params }, from)

    it('has the vendor’s number for each reason, also for who was left out, newest first', async () => {
      const found = await bounces()
      assert.deepEqual(
        found.map(({ to = '', status }) => `${to.split('@')[0]} ${status}`),
        [
          ...[
            'envelope 4',
            'from 4',
            'other 99',
            'stopped 11',
            'complained 10',
            'blocked 10',
            'form 9',
            'large 8',
            'server 7',
            'loop 6',
          ],
          ...['full 5', 'policy 4', 'timeout 3', 'user 2', 'host 1'],
        ],
      )
      const [stopped, user] = [found[3], found.find(({ status }) => status === '2')]
      assert.equal(stopped?.['reason'], 'Recipient address <stopped@example.jp> is suppressed to send mail.')
      assert.deepEqual(user, {
        created: '2026-10-01 11:02:00',
        status: '2',
        from: 'News@example.com',
        to: 'user@example.jp',
        messageId: 'user@mail',
        returnPath: 'bounce@example.com',
        subject: '件名',
        apiData: '',
        reason: '550 5.1.1 User unknown',
      })
    })

    it('finds those of a status, of an address and of a period', async () => {
      assert.deepEqual(names(await bounces({ status: 2 })), ['user'])
      assert.deepEqual(names(await bounces({ status: '10' })), ['complained', 'blocked'])
      assert.deepEqual(names(await bounces({ status: '11' })), ['stopped'])
      assert.deepEqual(names(await bounces({ to: 'OCK' })), ['blocked'])
      assert.deepEqual(names(await bounces({ to: 'user', search_option: { to: 'full' } })), [])
      assert.deepEqual(names(await bounces({ to: 'User@example.jp', search_option: '{"to":"full"}' })), [
        'user',
      ])
      assert.equal((await bounces({ from: 'news@' })).length, 15)
      assert.deepEqual(await bounces({ from: 'shop@' }), [])
      assert.deepEqual(await bounces({ end_date: '2026-09-30' }), [])
      assert.equal((await bounces({ start_date: '2026-10-01', end_date: '2026-10-01' })).length, 15)
      // Forms send what was left empty too.
      assert.deepEqual(await bounces({ date: '', start_date: '2026-09-01', end_date: '2026-09-02' }), [])
      assert.deepEqual(names(await bounces({ date: '2026-10-01', hour: 11, minute: 2 })), ['user'])
      assert.equal((await bounces({ date: '2026-09-30', hour: 22 }, NEW_YORKER)).length, 15)
      assert.deepEqual(await bounces({ api_data: 'x' }), [])
    })

    it('leafs through all of them once', async () => {
      const pages = [await bounces({ r: 5 }), await bounces({ r: 5, p: 1 }), await bounces({ r: 5, p: 2 })]
      assert.deepEqual(
        pages.map(({ length }) => length),
        [5, 5, 5],
      )
      assert.equal(new Set(names(pages.flat())).size, 15)
    })

    it('has only texts, as typed clients take them', async () => {
      const all = [...(await bounces()), ...(await ask('deliveries/list', { ...NEWS, date: '2026-09-30' }))]
      for (const record of all)
        for (const value of Object.values(record)) assert.equal(typeof value, 'string')
    })
  })

  it('bounces/download and blocks/download are ZIPs of CSV', async () => {
    for (const path of ['bounces/download', 'blocks/download']) {
      const { status, type, bytes, headers } = await world.json(`${path}.json`, { ...READER, ...NEWS })
      assert.deepEqual([status, type], [200, 'application/octet-stream'])
      assert.equal(bytes.subarray(0, 2).toString(), 'PK')
      assert.match(headers.get('content-disposition') ?? '', /(?:bounces|blocks)-20261001_120000\.zip/)
    }
  })

  it('deliveries/list has those of a day, or of an hour of it, with one of four states', async () => {
    const deliveries = (params: object) => ask('deliveries/list', { ...NEWS, r: 100, ...params })
    const date = '2026-09-30'
    assert.equal((await deliveries({ date })).length, 21)
    assert.deepEqual(names(await deliveries({ date, status: 'deferred' })), ['again'])
    assert.deepEqual(
      new Set(names(await deliveries({ date, status: 'queued' }))),
      new Set(['waiting', 'underway', 'kept']),
    )
    assert.deepEqual(
      new Set(names(await deliveries({ date, status: 'succeeded' }))),
      new Set(['sent', 'overridden']),
    )
    assert.equal((await deliveries({ date, status: 'failed' })).length, 15)
    assert.equal((await deliveries({ date, hour: 12, minute: 0 })).length, 21)
    assert.equal((await deliveries({ date, hour: 11 })).length, 0)
    assert.equal((await deliveries({ date: '2026-10-01' })).length, 0)
  })

  it('statistics/list has each day of the month that has begun, or its sum', async () => {
    const of = (params: object, from?: object) => ask('statistics/list', { year: '2026', ...params }, from)
    const september = await of({ month: '9', ...NEWS })
    assert.equal(september.length, 30)
    const last = { date: '2026-09-30', queued: 10, succeeded: 6, failed: 1, blocked: 3, valid: 7 }
    assert.deepEqual(september.at(-1), last)
    assert.deepEqual(await of({ month: 10, ...NEWS }), [
      { date: '2026-10-01', queued: 5, succeeded: 0, failed: 0, blocked: 0, valid: 5 },
    ])
    assert.deepEqual(await of({ month: 9, total: true }), [{ ...last, date: 'total' }])
    assert.deepEqual(await of({ month: 9, total: 'true', server_composition: 'shop' }, ADMIN), [
      { date: 'total', queued: 0, succeeded: 0, failed: 0, blocked: 0, valid: 0 },
    ])
    assert.deepEqual(await of({ month: 11 }), [])
  })

  it('blocks are who bounced or was blocked; cancelled, they are there as removed', async () => {
    await world.stop(lists.bounces, 'gone@example.jp', 'user-unknown', '1@mail')
    await world.stop(lists.bounces, 'gone@example.jp', 'user-unknown', '2@mail')
    await world.stop(lists.block, 'hand@example.jp', 'blocked')
    await world.stop(lists.complaints, 'angry@example.jp', 'complaint')
    const blocks = await ask('blocks/list', NEWS)
    assert.deepEqual(
      blocks.map(({ created, email, occurred, status }) => [created, email, occurred, status]),
      [
        ['2026-10-01 12:00:00', 'gone@example.jp', '2', '2'],
        ['2026-10-01 12:00:00', 'hand@example.jp', '1', '99'],
      ],
    )
    assert.equal(new Set(blocks.map(({ id }) => id)).size, 2)
    assert.deepEqual(names(await ask('blocks/list', { ...NEWS, email: 'GON' })), ['gone'])
    const cancel = async (email: string) =>
      (await world.json('blocks/cancel.json', { ...ADMIN, ...NEWS, email })).text
    assert.equal(await cancel('gone@example.jp'), '{"message":"success"}')
    assert.match(await cancel('gone@example.jp'), /12-001/)
    assert.match(await cancel('angry@example.jp'), /12-001/)
    assert.deepEqual(names(await ask('blocks/list', NEWS)), ['hand'])
    assert.deepEqual(names(await ask('blocks/list', { ...NEWS, removed: 'true' })), ['gone'])
  })

  it('auditlogs/list has changes and sign-ins of the whole site', async () => {
    await world.json('unsubscribes/list.json', { ...ADMIN, api_key: 'a-wrong-key', ...NEWS })
    await world.json('blocks/download.json', { ...ADMIN, ...NEWS })
    const logs = async (params: object) => ask('auditlogs/list', { r: 100, ...params }, ADMIN)
    for (let waits = 0; waits < 100; waits++) {
      if ((await logs({ type: 'login', account: 'admin@' })).length >= 2) break
      await sleep(20)
    }
    const signIns = await logs({ type: 'login', account: 'ADMIN@acme' })
    assert.deepEqual(
      new Set(signIns.map(({ result, code }) => `${result} ${code}`)),
      new Set(['success 0', 'failure 1']),
    )
    assert.deepEqual(new Set(signIns.map(({ ipaddress }) => ipaddress)), new Set(['127.0.0.1']))
    const changes = await logs({ type: 'operation', account: 'admin@acme' })
    assert.deepEqual(changes[0], {
      account: ADMIN.api_user,
      created: '2026-10-01 12:00:00',
      function: 'export',
      name: ADMIN.api_user,
      operation: 'blocks news',
    })
    assert.deepEqual(await logs({ type: 'operation', start_date: '2026-09-01', end_date: '2026-09-30' }), [])
    const japanese = await world.json(
      'auditlogs/list.xml',
      { ...ADMIN, type: 'login', account: 'admin@' },
      { 'accept-language': 'ja' },
    )
    assert.match(japanese.text, /<loginlogs>\n<loginlog>/)
    assert.match(japanese.text, /<result>成功<\/result>/)
  })
})
