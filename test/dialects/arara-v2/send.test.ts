import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import PostalMime from 'postal-mime'
import { readKeptMail } from '../../../src/messages/reading/read-kept-mail.ts'
import { changeMany } from '../../../src/suppression/changing/change-many.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOON } from '../../support/installation.ts'
import { araraV2Api } from './arara-v2-api.ts'

const FILE = { filename: 'ご案内.txt', mimetype: 'text/plain', data: Buffer.from('案内').toString('base64') }

const to = (address: string, substitutions?: Record<string, string>) => ({
  to: { address, device: 0 },
  ...(substitutions && { substitutions }),
})

function delivery(change: Record<string, unknown> = {}, settings: Record<string, unknown> = {}) {
  return {
    'mailing-list': [to('taro@example.jp', { sample_1: '太郎' })],
    contents: {
      subject: '##sample_1## 様',
      body: { text: 'こんにちは ##sample_1## 様\n## お知らせ ##\n', html: '<p>##sample_1##</p>' },
      encode: 0,
      ...change,
    },
    settings: { send_time: 'now', from: { name: '送信者', address: 'sender@example.com' }, ...settings },
  }
}

forEachEngine(({ name }) => {
  const { installation, call } = araraV2Api(name)
  const send = (...deliveries: object[]) => call('POST', '/send', { delivery: deliveries })

  test('a delivery goes out as its contents say, and is looked at by its id, its request id and its minute', async () => {
    const { capabilities, time } = installation()
    time.now = NOON
    const contents = {
      encode: 1,
      'attachments-list': [FILE],
      cc: 'cc1@example.jp, 上司 <cc2@example.jp>',
      bcc: 'bcc@example.jp',
    }
    const { status, json } = await send(
      delivery(contents, { request_id: 'order4711', reply_to: { address: 'help@example.com' } }),
    )
    assert.equal(status, 200)
    const id = json.items[0].delivery_id
    assert.deepEqual(json, { items: [{ delivery_id: id, request_id: 'order4711', exec_cnt: 1 }] })

    const item = { delivery_id: id, request_id: 'order4711', status: 'waiting', sent_cnt: 0, error_cnt: 0 }
    for (const path of [
      `/send/${id}`,
      '/send?request_id=order4711',
      '/send?timemin=2026-10-01T12:00%2B09:00&timemax=2026-10-01T12:00%2B09:00',
      '/send?timemin=2026-10-01T03:00+00:00&timemax=2026-10-01T12:01+09:00',
    ]) {
      const answer = await call('GET', path)
      assert.deepEqual([answer.status, answer.json], [200, { items: [item] }], path)
    }
    assert.deepEqual((await call('GET', '/send?request_id=unknown')).json, { items: [] })
    assert.deepEqual(
      (await call('GET', '/send?timemin=2026-10-01T11:00%2B09:00&timemax=2026-10-01T11:59%2B09:00')).json,
      {
        items: [],
      },
    )

    const results = (await call('GET', `/send/${id}/results`)).json.items
    assert.deepEqual(
      results.map(({ type, address, result }: Record<string, string>) => [type, address, result]),
      [
        ['To', 'taro@example.jp', 'waiting'],
        ['BCC', 'bcc@example.jp', 'waiting'],
        ['CC', 'cc1@example.jp', 'waiting'],
        ['CC', 'cc2@example.jp', 'waiting'],
      ],
    )
    assert.deepEqual(
      [results[0].from, results[0].update_date],
      ['sender@example.com', '2026-10-01T12:00:00+09:00'],
    )
    const [content] = await capabilities.database.read(
      capabilities.database.query.selectFrom('content').select('template_json').where('id', '=', Number(id)),
    )
    const stored = JSON.parse(content?.template_json ?? '{}')
    assert.deepEqual([stored.charset, stored.keywords], ['iso-2022-jp', ['sample_1']])
  })

  test('a request id is used once, for the same delivery too', async () => {
    const [first, again] = [
      await send(delivery({}, { request_id: 'once' })),
      await send(delivery({}, { request_id: 'once' })),
    ]
    assert.deepEqual([first.status, again.status], [200, 400])
    assert.match(again.json.message, /^delivery\[0\]\.settings\.request_id: once was used before/)
    const mixed = await send(delivery({}, { request_id: 'twice' }), delivery({}, { request_id: 'twice' }))
    assert.equal(mixed.status, 200)
    assert.equal(mixed.json.items[0].exec_cnt, 1)
    assert.match(mixed.json.items[1].message, /^delivery\[1\]\.settings\.request_id/)
  })

  test('whom a list excludes is not counted, and is among the results', async () => {
    const { capabilities, time } = installation()
    const { database, recorder } = capabilities
    await call('POST', '/unsubscribe-receivers', { 'header-from': 'sender@example.com' })
    const { id: listId } = await resolveList(database, 10, 'sender:sender@example.com')
    await changeMany(recorder, {
      ...{
        kind: 'stop',
        listId,
        addresses: ['gone@example.jp'],
        reason: 'unsubscribed',
        requestedAt: time.now,
        source: 'api',
      },
    })
    const { json } = await send({
      ...delivery(),
      'mailing-list': [to('gone@example.jp'), to('nobody'), to('here@example.jp')],
      contents: { subject: 'Hi', body: { text: 'Hi' } },
    })
    assert.equal(json.items[0].exec_cnt, 1)
    const results = (await call('GET', `/send/${json.items[0].delivery_id}/results`)).json.items
    assert.deepEqual(
      results.map(({ address, result }: Record<string, string>) => [address, result]),
      [
        ['gone@example.jp', 'filtered'],
        ['here@example.jp', 'waiting'],
      ],
    )
  })

  test('what is still to come is cancelled, and only that', async () => {
    installation().time.now = NOON
    const { json } = await send(delivery({}, { send_time: '2026-10-02T09:00+09:00' }))
    const id = json.items[0].delivery_id
    const cancelled = await call('DELETE', `/send/${id}`)
    assert.deepEqual([cancelled.status, cancelled.json], [200, { items: [{ delivery_id: id }] }])
    assert.equal((await call('GET', `/send/${id}`)).json.items[0].status, 'deleted')
    assert.equal((await call('DELETE', `/send/${id}`)).status, 409)
    assert.equal((await call('DELETE', '/send/999999')).status, 404)
  })

  test('error counts are set and read, and the threshold holds mail back', async () => {
    const set = await call('PUT', '/errorfilter', {
      items: [
        { address: 'full@example.jp', count: 99 },
        { address: 'once@example.jp', count: 1.5 },
      ],
    })
    assert.deepEqual([set.status, set.text], [204, ''])
    const read = async () =>
      (
        await call('POST', '/errorfilter', {
          items: ['full', 'once', 'never'].map((local) => ({ address: `${local}@example.jp` })),
        })
      ).json
    const at = { registered_date: '2026-10-01T12:00:00+09:00', update_date: '2026-10-01T12:00:00+09:00' }
    assert.deepEqual(await read(), {
      items: [
        { address: 'full@example.jp', count: 99, ...at },
        { address: 'once@example.jp', count: 1.5, ...at },
      ],
    })
    const { json } = await send({ ...delivery(), 'mailing-list': [to('full@example.jp', { sample_1: 'x' })] })
    assert.equal(json.items[0].exec_cnt, 0)
    await call('PUT', '/errorfilter', { items: [{ address: 'full@example.jp' }] })
    assert.equal(
      (await send({ ...delivery(), 'mailing-list': [to('full@example.jp', { sample_1: 'x' })] })).json
        .items[0].exec_cnt,
      1,
    )
  })
})

describe('what is wrong with a delivery', () => {
  const { installation, call } = araraV2Api()

  test('is told by the element, and nothing of the call is sent', async () => {
    installation().time.now = NOON
    const list = (...entries: object[]) => ({ 'mailing-list': entries })
    const refused: [object, number, string][] = [
      [{ ...delivery(), ...list() }, 400, 'delivery[1].mailing-list'],
      [{ ...delivery(), ...list({ to: {} }) }, 400, 'delivery[1].mailing-list[0].to.address'],
      [
        { ...delivery(), ...list({ ...to('a@example.jp'), unsubscribe_url: 'http://x.example/' }) },
        400,
        'delivery[1].mailing-list[0].unsubscribe_url',
      ],
      [
        { ...delivery(), ...list(...Array(10_001).fill(to('a@example.jp'))) },
        413,
        'delivery[1].mailing-list',
      ],
      [delivery({ subject: 'あ'.repeat(167) }), 400, 'delivery[1].contents.subject'],
      [delivery({ subject: 'a\r\nBcc: x' }), 400, 'delivery[1].contents.subject'],
      [delivery({ body: {} }), 400, 'delivery[1].contents.body.text'],
      [delivery({ encode: 7 }), 400, 'delivery[1].contents.encode'],
      [
        delivery({ 'attachments-list': [{ ...FILE, data: '%%' }] }),
        400,
        'delivery[1].contents.attachments-list[0].data',
      ],
      [
        delivery({ 'attachments-list': [{ ...FILE, mimetype: 'text' }] }),
        400,
        'delivery[1].contents.attachments-list[0].mimetype',
      ],
      [delivery({ cc: 'nobody' }), 400, 'delivery[1].contents.cc'],
      [delivery({}, { from: { address: 'a@elsewhere.example' } }), 400, 'delivery[1].settings.from.address'],
      [delivery({}, { from: undefined }), 400, 'delivery[1].settings.from'],
      [delivery({}, { reply_to: { address: 'nobody' } }), 400, 'delivery[1].settings.reply_to.address'],
      [delivery({}, { request_id: 'Upper' }), 400, 'delivery[1].settings.request_id'],
      [delivery({}, { throttle: 0 }), 400, 'delivery[1].settings.throttle'],
      [delivery({}, { tc_option: { from: '22:00' } }), 400, 'delivery[1].settings.tc_option'],
      [delivery({}, { send_time: 'Now' }), 400, 'delivery[1].settings.send_time'],
      [delivery({}, { send_time: '2026-11-31T09:00+09:00' }), 400, 'delivery[1].settings.send_time'],
      [delivery({}, { send_time: '2026-10-01T11:59+09:00' }), 400, 'delivery[1].settings.send_time'],
      [delivery({}, { send_time: '2026-11-02T12:00+09:00' }), 400, 'delivery[1].settings.send_time'],
    ]
    for (const [one, status, field] of refused) {
      const alone = await call('POST', '/send', { delivery: [one] })
      assert.equal(alone.status, status, `${field} ${alone.text}`)
      assert.ok(alone.json.message.startsWith(`${field.replace('[1]', '[0]')}: `), `${field} ${alone.text}`)
    }
    const { database } = installation().capabilities
    assert.deepEqual(await database.read(database.query.selectFrom('delivery').select('id')), [])
    const close = await call('POST', '/send', {
      delivery: [delivery({}, { send_time: '2026-11-02T11:59+09:00' })],
    })
    assert.equal(close.status, 200)
    const bad = await call('POST', '/send', { delivery: [delivery(), delivery({ body: undefined })] })
    assert.equal(bad.status, 400)
    assert.equal((await database.read(database.query.selectFrom('delivery').select('id'))).length, 1)
  })
})

describe('a mail that went out', () => {
  const { installation, call } = araraV2Api('sqlite', { KAIJO_SERVICES: 'http,worker' })

  test('says what its contents say, in the charset that was asked for', async () => {
    await call('POST', '/unsubscribe-receivers', { 'header-from': 'sender@example.com' })
    const { json } = await call('POST', '/send', {
      delivery: [delivery({ encode: 1, 'attachments-list': [FILE] })],
    })
    const id = Number(json.items[0].delivery_id)
    for (;;) {
      const { items } = (await call('GET', `/send/${id}`)).json
      if (items[0].status === 'completed') break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const { database } = installation().capabilities
    const [row] = await database.read(
      database.query.selectFrom('message').select('id').where('delivery_id', '=', id),
    )
    const raw = await readKeptMail(database, id, row?.id as number)
    assert.match(raw.toString('latin1'), /charset=iso-2022-jp/)
    const mail = await PostalMime.parse(raw)
    assert.deepEqual(
      [mail.subject, mail.text?.trim(), mail.html?.trim(), mail.from?.name, mail.attachments[0]?.filename],
      ['太郎 様', 'こんにちは 太郎 様\n## お知らせ ##', '<p>太郎</p>', '送信者', FILE.filename],
    )
    assert.ok(mail.headers.some(({ key }) => key === 'list-unsubscribe-post'))
  })
})
