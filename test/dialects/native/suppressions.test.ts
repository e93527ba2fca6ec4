import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { NOW, startNativeApi } from './native-api.ts'

const DAY_MS = 86_400_000
const LIST = 'sender:news@example.com'
const iso = (time: number) => new Date(time).toISOString()

forEachEngine((engine) => {
  test('addresses are put on a list and taken off again, with counts, a timeline and a record', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const addresses = ['Taro@example.jp', 'b@example.jp', 'nobody', 'taro@example.jp']
    const stopped = await call('POST', '/services/10/suppressions', { list: LIST, addresses })
    assert.deepEqual(
      [stopped.status, stopped.body],
      [200, { changed: 2, unchanged: 1, malformed: ['nobody'] }],
    )

    time.now += DAY_MS
    const resumed = await call('POST', '/services/10/suppressions/resume', {
      list: LIST,
      addresses: ['TARO@example.jp', 'c@example.jp'],
    })
    assert.deepEqual([resumed.status, resumed.body], [200, { changed: 1, unchanged: 1, malformed: [] }])

    const timeline = await call('POST', '/services/10/timeline', { address: 'taro@EXAMPLE.jp' })
    const event = {
      list: LIST,
      source: 'api',
      messageId: null,
      olderMail: false,
      evidence: { actor: 'api:admin' },
    }
    assert.deepEqual(timeline.body, {
      agreements: [],
      excludedBy: [],
      events: [
        {
          ...event,
          ...{ kind: 'resume', reason: 'resume', address: 'TARO@example.jp' },
          recordedAt: iso(NOW + DAY_MS),
          requestedAt: iso(NOW + DAY_MS),
          before: {
            ...{ excluded: true, since: iso(NOW), requestedAt: iso(NOW) },
            ...{ reason: 'listed', source: 'api', messageId: null },
          },
        },
        {
          ...event,
          ...{ kind: 'stop', reason: 'listed', address: 'Taro@example.jp' },
          ...{ recordedAt: iso(NOW), requestedAt: iso(NOW), before: null },
        },
      ],
    })
    const excludedBy = (await call('POST', '/services/10/timeline', { address: 'b@example.jp' })).body
      .excludedBy
    assert.deepEqual(excludedBy, [
      { list: LIST, reason: 'listed', since: iso(NOW), expiresAt: iso(NOW + 90 * DAY_MS) },
    ])
    const actions = (await call('GET', '/audit?limit=2')).body.items
    assert.deepEqual(
      actions.map(({ actor, action, subject }: Record<string, string>) => [actor, action, subject]),
      [
        ['api:admin', 'suppression.resume', LIST],
        ['api:admin', 'suppression.stop', LIST],
      ],
    )
  })

  test('a search finds by list, address, part of it, state and period, page by page', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const stop = (list: string, ...addresses: string[]) =>
      call('POST', '/services/10/suppressions', { list, addresses })
    await stop(LIST, 'a@example.jp', 'b@example.jp')
    time.now += DAY_MS
    await stop('blocklist', 'a@example.jp')
    await call('POST', '/services/10/suppressions/resume', { list: LIST, addresses: ['b@example.jp'] })

    const search = async (body: object, query = '') => {
      const { body: answer } = await call('POST', `/services/10/suppressions/search${query}`, body)
      return answer.items.map(({ address, list }: Record<string, string>) => `${address} ${list}`)
    }
    const [a, b, blocked] = [`a@example.jp ${LIST}`, `b@example.jp ${LIST}`, 'a@example.jp blocklist']
    assert.deepEqual(await search({}), [blocked, b, a])
    assert.deepEqual(await search({ list: LIST }), [b, a])
    assert.deepEqual(await search({ address: 'A@EXAMPLE.JP' }), [blocked, a])
    assert.deepEqual(await search({ contains: 'B@EX' }), [b])
    assert.deepEqual(await search({ state: 'active' }), [blocked, a])
    assert.deepEqual(await search({ state: 'resumed' }), [b])
    assert.deepEqual(await search({ state: 'expired' }), [])
    // As searches called it before they had the words of files.
    assert.deepEqual(await search({ state: 'inactive' }), [b])
    assert.deepEqual(await search({ state: 'lapsed' }), [])
    assert.deepEqual(await search({ from: '2026-11-22' }), [blocked])
    assert.deepEqual(await search({ from: '2026-11-21', to: '2026-11-21' }), [b, a])
    assert.deepEqual(await search({ to: '2026-11-21T09:30:00+09:00' }), [])

    const first = (await call('POST', '/services/10/suppressions/search?limit=2', {})).body
    assert.equal(first.lookedBackTo, null)
    assert.deepEqual(first.items[0], {
      address: 'a@example.jp',
      list: 'blocklist',
      reason: 'blocked',
      active: true,
      since: iso(NOW + DAY_MS),
      requestedAt: iso(NOW + DAY_MS),
      expiresAt: null,
      messageId: null,
      source: 'api',
    })
    assert.deepEqual(await search({}, `?limit=2&cursor=${first.next}`), [a])
  })
})

test('what cannot be looked for or changed is refused with its field', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [string, object, number, string, string][] = [
    [
      '/suppressions',
      { list: 'news@example.com', addresses: ['a@example.jp'] },
      400,
      'invalid-value',
      'list',
    ],
    ['/suppressions', { list: 'filter:none', addresses: ['a@example.jp'] }, 404, 'unknown-list', 'list'],
    ['/suppressions', { list: LIST, addresses: [] }, 400, 'invalid-value', 'addresses'],
    [
      '/suppressions',
      { list: LIST, addresses: Array(10_001).fill('a@example.jp') },
      413,
      'too-many-recipients',
      'addresses',
    ],
    ['/suppressions', { list: LIST, addresses: ['x'.repeat(1_001)] }, 400, 'invalid-value', 'addresses[0]'],
    [
      '/suppressions/resume',
      { list: LIST, addresses: ['a@example.jp'], reason: 'x' },
      400,
      'unknown-field',
      'reason',
    ],
    ['/suppressions/search', { address: 'nobody' }, 400, 'invalid-value', 'address'],
    ['/suppressions/search', { contains: 'a\0' }, 400, 'invalid-value', 'contains'],
    ['/suppressions/search', { from: '2026-02-30' }, 400, 'invalid-value', 'from'],
    ['/suppressions/search', { from: '2026-11-22', to: '2026-11-21' }, 400, 'invalid-value', 'to'],
    ['/suppressions/search', { state: 'gone' }, 400, 'invalid-value', 'state'],
    ['/suppressions/search?cursor=x', {}, 400, 'invalid-value', 'cursor'],
    ['/suppressions/search?limit=1001', {}, 400, 'invalid-value', 'limit'],
    ['/suppressions/search?page=2', {}, 400, 'unknown-field', 'page'],
    ['/timeline', { address: 'nobody' }, 400, 'invalid-value', 'address'],
  ]
  for (const [path, body, status, code, field] of refused) {
    const answer = await call('POST', `/services/10${path}`, body)
    assert.deepEqual([answer.status, answer.body.code, answer.body.field], [status, code, field], path)
  }
})
