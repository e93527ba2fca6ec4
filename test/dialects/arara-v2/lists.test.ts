import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { NOON } from '../../support/installation.ts'
import { ADMIN, araraV2Api, BOTH, OTHER } from './arara-v2-api.ts'

const RECEIVERS = '/unsubscribe-receivers'
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

forEachEngine(({ name }) => {
  const { installation, call } = araraV2Api(name)
  const register = async (from: string): Promise<string> =>
    (await call('POST', RECEIVERS, { 'header-from': from })).json.base_url
  const post = (url: string) => fetch(url, { method: 'POST', body: 'List-Unsubscribe=One-Click' })

  test('a From is registered once and for all, and answered as in the documentation', async () => {
    const answers = [
      await call('POST', RECEIVERS, { 'header-from': 'sender@example.com' }),
      await call('POST', RECEIVERS, { 'header-from': 'Sender@EXAMPLE.com' }),
    ]
    for (const { status, text, type } of answers) {
      assert.equal(status, 200)
      assert.match(type ?? '', /^application\/json/)
      assert.match(text, /^\{"base_url":"http:\/\/localhost:8080\/[a-z2-7]{16}"\}$/)
    }
    assert.equal(answers[0]?.text, answers[1]?.text)
  })

  test('what was asked for with text of the customer’s own is listed by its day, and filters nobody', async () => {
    const { url, time } = installation()
    const base = (await register('opaque@example.com')).replace('http://localhost:8080', url)
    time.now = NOON
    for (const part of ['/taro-4711', '?id=%E5%A4%AA&x', '/taro-4711']) {
      assert.equal((await post(base + part)).status, 200)
    }
    const { status, json } = await call(
      'GET',
      '/unsubscribers/opaque-part?header-from=opaque@example.com&date=2026-10-01',
    )
    assert.equal(status, 200)
    const at = '2026-10-01T12:00:00+09:00'
    assert.deepEqual(json, {
      header_from: 'opaque@example.com',
      requesters: ['/taro-4711', '?id=%E5%A4%AA&x'].map((part) => ({
        opaque_part: part,
        datetime: at,
        filtered: 0,
      })),
    })
  })

  test('who opted out is listed by the day of the offset that is asked for, and resumed', async () => {
    const { capabilities, url, time } = installation()
    await register('auto@example.com')
    const [row] = await capabilities.database.read(
      capabilities.database.query.selectFrom('list').selectAll().where('label', '=', 'auto@example.com'),
    )
    const list = { id: row?.id as number, classId: row?.class_id as string, kind: 'sender' as const }
    // 23:30 in Tokyo, 14:30 UTC
    time.now = Date.UTC(2026, 9, 1, 14, 30)
    for (const recipient of ['a@example.jp', 'b@example.jp']) {
      const message = { kind: 'foreign', messageId: `${recipient}.1@example.com` } as const
      const link = capabilities.links.make(list as never, { recipient, mintedAt: time.now, message })
      assert.equal((await post(link.url.replace('http://localhost:8080', url))).status, 200)
      time.now += 60_000
    }
    const listed = async (date: string) => {
      const { status, json } = await call(
        'GET',
        `/unsubscribers/auto-assigned?header-from=auto@example.com&date=${date}`,
      )
      assert.equal(status, 200)
      return json
    }
    const row1 = (datetime: string, filtered: number) => ({
      ...{ message_id: 'a@example.jp.1@example.com', message_to: 'a@example.jp', datetime, filtered },
    })
    const first = await listed('2026-10-01')
    assert.deepEqual(first.header_from, 'auto@example.com')
    assert.deepEqual(first.requesters[0], row1('2026-10-01T23:30:00+09:00', 1))
    assert.equal(first.requesters.length, 2)
    // A plus that nobody encoded, one that was, and other offsets.
    assert.deepEqual(await listed('2026-10-01+09:00'), first)
    assert.deepEqual(await listed('2026-10-01%2B09:00'), first)
    const utc = (await listed('2026-10-01%2B00:00')).requesters[0]
    assert.deepEqual(utc, row1('2026-10-01T14:30:00+00:00', 1))
    assert.deepEqual((await listed('2026-10-01%2B10:00')).requesters, [])
    assert.equal((await listed('2026-10-02%2B10:00')).requesters.length, 2)
    assert.equal((await listed('2026-10-01-08:00')).requesters[0].datetime, '2026-10-01T06:30:00-08:00')

    const resumed = await call('PUT', '/re-subscribers', {
      'header-from': 'auto@example.com',
      'to-addresses': ['A@example.jp', 'never-heard-of@example.jp'],
    })
    assert.deepEqual([resumed.status, resumed.text], [204, ''])
    const flags = (await listed('2026-10-01')).requesters.map(
      ({ filtered }: { filtered: number }) => filtered,
    )
    assert.deepEqual(flags, [0, 1])
  })

  test('pairs that are on no list can be resumed without an error, of a From that is none too', async () => {
    const answer = await call('PUT', '/re-subscribers', {
      'header-from': 'none@example.com',
      'to-addresses': ['a@example.jp'],
    })
    assert.equal(answer.status, 204)
  })
})

describe('signing in', () => {
  const { installation, call } = araraV2Api()
  const QUERY = '/send?request_id=x'

  test('a token stands for the key for an hour, and no longer', async () => {
    const { json, status } = await call('POST', '/token', ADMIN, {})
    assert.deepEqual([status, json.token_type, json.expires_in], [200, 'Bearer', 3_600])
    assert.equal((await call('GET', QUERY, undefined, bearer(json.token))).status, 200)
    installation().time.now += 3_599_999
    assert.equal((await call('GET', QUERY, undefined, bearer(json.token))).status, 200)
    installation().time.now += 1
    const late = await call('GET', QUERY, undefined, bearer(json.token))
    assert.deepEqual([late.status, late.json], [401, { message: 'the token has expired: get a new one' }])
  })

  test('wrong credentials look the same whether the user exists or not', async () => {
    const wrong = [
      await call('POST', '/token', { name: ADMIN.name, key: 'wrong-key' }, {}),
      await call('POST', '/token', { name: 'nobody@acme.example', key: ADMIN.key }, {}),
      await call('GET', QUERY, undefined, bearer('wrong-key')),
      await call('GET', QUERY, undefined, bearer(`0a1b2c.${'A'.repeat(64)}`)),
    ]
    for (const { status, text } of wrong) {
      assert.deepEqual([status, text], [401, '{"message":"the credentials are wrong"}'])
    }
  })

  test('whoever may use several services names one, in a header or for a token', async () => {
    const unnamed = await call('GET', QUERY, undefined, bearer(BOTH.key))
    assert.equal(unnamed.status, 403)
    assert.match(unnamed.json.message, /X-Kaijo-Service/)
    for (const named of ['news', '11']) {
      const headers = { ...bearer(BOTH.key), 'x-kaijo-service': named }
      assert.equal((await call('GET', QUERY, undefined, headers)).status, 200)
    }
    const { json } = await call('POST', '/token', { ...BOTH, service: 'news' }, {})
    assert.equal((await call('GET', QUERY, undefined, bearer(json.token))).status, 200)
    const foreign = { ...bearer(ADMIN.key), 'x-kaijo-service': 'news' }
    assert.equal((await call('GET', QUERY, undefined, foreign)).status, 403)
  })

  test('a user does what its permissions say', async () => {
    assert.equal((await call('GET', QUERY, undefined, bearer(OTHER.key))).status, 200)
    const refused = await call('POST', RECEIVERS, { 'header-from': 'a@example.com' }, bearer(OTHER.key))
    assert.equal(refused.status, 403)
  })

  test('a changed key ends its tokens', async () => {
    const { json } = await call('POST', '/token', OTHER, {})
    const { capabilities } = installation()
    const { database } = capabilities
    await database.transact([
      database.query.updateTable('api_user').set({ key_hash: 'another' }).where('name', '=', OTHER.name),
    ])
    assert.equal((await call('GET', QUERY, undefined, bearer(json.token))).status, 401)
  })
})

describe('what is wrong with a call', () => {
  const { installation, call } = araraV2Api()
  const LIST = '/unsubscribers/auto-assigned'

  test('is told by field, and nothing is stored', async () => {
    const refused: [string, string, unknown, number, RegExp][] = [
      ['POST', RECEIVERS, {}, 400, /^header-from: /],
      ['POST', RECEIVERS, { 'header-from': 'nobody' }, 400, /^header-from: is not a mail address$/],
      ['POST', RECEIVERS, { 'header-from': ['a@example.com'] }, 400, /^header-from: /],
      ['POST', RECEIVERS, '{"header-from":', 400, /JSON/],
      ['POST', RECEIVERS, Buffer.from([0x7b, 0xff, 0x7d]), 400, /UTF-8/],
      ['POST', RECEIVERS, '', 400, /./],
      ['POST', RECEIVERS, `"${'x'.repeat(70_000)}"`, 413, /./],
      [
        'PUT',
        '/re-subscribers',
        { 'header-from': 'a@example.com', 'to-addresses': [] },
        400,
        /^to-addresses: /,
      ],
      [
        'PUT',
        '/re-subscribers',
        { 'header-from': 'a@example.com', 'to-addresses': ['b@example.jp', 'c'] },
        400,
        /^to-addresses\[1\]: /,
      ],
      [
        'PUT',
        '/re-subscribers',
        { 'header-from': 'a@example.com', 'to-addresses': Array(10_001).fill('a@example.jp') },
        413,
        /^to-addresses: /,
      ],
      ['GET', `${LIST}?date=2026-10-01`, undefined, 400, /^header-from: /],
      ['GET', `${LIST}?header-from=a@example.com`, undefined, 400, /^date: /],
      ['GET', `${LIST}?header-from=a@example.com&date=2026-02-30`, undefined, 400, /^date: /],
      ['GET', `${LIST}?header-from=a@example.com&date=2026-10-01%2B25:00`, undefined, 400, /^date: /],
      [
        'GET',
        `${LIST}?header-from=a@example.com&date=2026-10-01`,
        undefined,
        400,
        /^header-from: is not registered/,
      ],
      [
        'GET',
        `${LIST}?header-from=a@example.com&header-from=b@example.com&date=2026-10-01`,
        undefined,
        400,
        /^header-from: /,
      ],
      ['GET', RECEIVERS, undefined, 404, /no call/],
      ['GET', '/unsubscribers/elsewhere', undefined, 404, /no call/],
      ['GET', '/send/%zz', undefined, 404, /no call/],
      ['GET', '/send/nothing', undefined, 404, /delivery/],
      ['GET', '/send', undefined, 400, /^timemin: /],
    ]
    for (const [method, path, body, status, message] of refused) {
      const answer = await call(method, path, body)
      assert.equal(answer.status, status, `${method} ${path} ${answer.text}`)
      assert.match(answer.type ?? '', /^application\/json/)
      assert.deepEqual(Object.keys(answer.json), ['message'])
      assert.match(answer.json.message, message)
    }
    const { database } = installation().capabilities
    assert.deepEqual(await database.read(database.query.selectFrom('sender').select('address')), [])
  })
})
