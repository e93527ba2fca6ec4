import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { forEachEngine } from '../../support/engines.ts'
import { ADMIN_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const DAY_MS = 86_400_000
const LISTED = 'address,reason,since,requestedAt,expiresAt,source,messageId,state,list\r\n'

/** Three days in Tokyo: a stop on each, the first of them resumed on the last. */
async function withLists(
  t: Parameters<typeof startNativeApi>[0],
  options?: Parameters<typeof startNativeApi>[1],
) {
  const api = await startNativeApi(t, options)
  const put = (list: string, ...addresses: string[]) =>
    api.call('POST', '/services/10/suppressions', { list, addresses })
  const listed = 'sender:news@example.com'
  for (const address of ['Anna@example.jp', '花子@example.jp', '"=1+1, x"@example.jp']) {
    await put(listed, address)
    api.time.now += DAY_MS
  }
  await api.call('POST', '/services/10/suppressions/resume', { list: listed, addresses: ['anna@example.jp'] })
  await put('hard-bounces', 'gone@example.jp')
  await put('complaints', 'angry@example.jp')
  await put('blocklist', 'never@example.jp')
  await put('filter:Tips', 'tips@example.jp')
  const get = async (path: string) => (await api.call('GET', `/services/10/exports/${path}`)).text
  const post = async (path: string, body: object) =>
    (await api.call('POST', `/services/10/exports/${path}`, body)).text
  return { ...api, put, get, post }
}

const lines = (text: string) => text.split('\r\n').slice(1, -1)
const names = (text: string) => lines(text).map((line) => /([^,"]+)"*@example\.jp/.exec(line)?.[1])

forEachEngine((engine) => {
  test('unsubscribes are those who are stopped now, in the columns of KARTE', async (t) => {
    const { get } = await withLists(t, { engine })
    const all =
      'from_address,user_id,target,timestamp\r\n' +
      'news@example.com,,"""=1+1, x""@example.jp",2026-11-23T09:30:00+09:00\r\n' +
      'news@example.com,,花子@example.jp,2026-11-22T09:30:00+09:00\r\n'
    assert.equal(await get('unsubscribes'), all)
    assert.equal(await get('unsubscribes?sender=NEWS@example.com'), all)
  })

  test('the lists of a service and of a filter have each address with reason, times, source and state', async (t) => {
    const { get } = await withLists(t, { engine })
    const line = (address: string, reason: string, list: string) =>
      `${LISTED}${address},${reason},2026-11-24T09:30:00+09:00,2026-11-24T09:30:00+09:00,,api,,active,${list}\r\n`
    assert.equal(await get('hard-bounces'), line('gone@example.jp', 'listed', 'hard-bounces'))
    assert.equal(await get('complaints'), line('angry@example.jp', 'complaint', 'complaints'))
    assert.equal(await get('blocklist'), line('never@example.jp', 'blocked', 'blocklist'))
    assert.equal(await get('filter?filter=Tips'), line('tips@example.jp', 'listed', 'filter:Tips'))
  })

  test('a list is narrowed by state, period, reason and a part of the address', async (t) => {
    const { get, post, time } = await withLists(t, { engine })
    assert.deepEqual(names(await get('unsubscribes?state=resumed')), ['Anna'])
    assert.deepEqual(names(await get('unsubscribes?state=all')), [' x', 'Anna', '花子'])
    assert.deepEqual(names(await get('unsubscribes?from=2026-11-22&to=2026-11-22')), ['花子'])
    assert.deepEqual(names(await get('unsubscribes?state=all&to=2026-11-22')), ['Anna', '花子'])
    assert.deepEqual(names(await get('unsubscribes?state=all&from=2026-11-22')), [' x', '花子'])
    assert.deepEqual(names(await get('hard-bounces?reason=user-unknown')), [])
    assert.deepEqual(names(await get('hard-bounces?reason=listed')), ['gone'])
    assert.deepEqual(names(await post('unsubscribes', { contains: '花' })), ['花子'])
    assert.deepEqual(names(await post('unsubscribes', { contains: 'NNA', state: 'all' })), ['Anna'])
    assert.deepEqual(names(await post('unsubscribes', { contains: '_' })), [])
    time.now += 89 * DAY_MS - 1
    assert.deepEqual(names(await get('unsubscribes?state=expired')), ['花子'])
    assert.deepEqual(names(await get('unsubscribes')), [' x'])
  })

  test('who was removed from a list is not in its file', async (t) => {
    const { get, recorder, database, time } = await withLists(t, { engine })
    const [{ id } = { id: 0 }] = await database.read(
      database.query
        .selectFrom('list')
        .select('id')
        .where('kind', '=', 'blocklist')
        .where('service_id', '=', 10),
    )
    const recipient = { address: 'never@example.jp', key: 'never@example.jp' }
    await recorder.record({
      ...{ kind: 'remove', listId: id, recipient, requestedAt: time.now, source: 'console', evidence: null },
    })
    assert.equal(await get('blocklist?state=all'), LISTED)
  })

  test('events tell what happened in the order of the requests, and what was before', async (t) => {
    const { get, post } = await withLists(t, { engine })
    const text = await get('events?sender=news@example.com')
    assert.equal(
      text.split('\r\n')[0],
      'recordedAt,requestedAt,list,kind,address,reason,source,messageId,olderMail,method,clientAddress,userAgent,keyId,contentType,body,code,diagnostic,rule,actor,before,beforeSince,beforeReason',
    )
    const first = '2026-11-21T09:30:00+09:00'
    const last = '2026-11-24T09:30:00+09:00'
    assert.equal(
      lines(text)[0],
      `${first},${first},sender:news@example.com,stop,Anna@example.jp,listed,api,,0,,,,,,,,,,api:admin,,,`,
    )
    assert.match(
      lines(text)[3] ?? '',
      new RegExp(
        `^${last.replaceAll('+', '\\+')},.*,resume,anna@example.jp,resume,api,,0,,,,,,,,,,api:admin,active,${first.replaceAll('+', '\\+')},listed$`,
      ),
    )
    assert.equal(lines(await get('events')).length, 8)
    assert.equal(lines(await get('events?kind=resume')).length, 1)
    assert.equal(lines(await get('events?list=hard-bounces')).length, 1)
    assert.equal(lines(await get('events?from=2026-11-22&to=2026-11-23')).length, 2)
    assert.equal(lines(await get('events?reason=complaint')).length, 1)
    assert.equal(lines(await get('events?reason=resume')).length, 1)
    assert.equal(lines(await post('events', { filter: 'Tips', contains: 'TIPS' })).length, 1)
  })

  test('events are narrowed by when they were recorded too, whenever they had been requested', async (t) => {
    const { get, post, recorder, database, time } = await withLists(t, { engine })
    const [list] = await database.read(
      database.query
        .selectFrom('list')
        .select('id')
        .where('kind', '=', 'blocklist')
        .where('service_id', '=', 10),
    )
    await recorder.record({
      kind: 'stop',
      listId: list?.id ?? 0,
      recipient: { address: 'old@example.jp', key: 'old@example.jp' },
      requestedAt: time.now - 400 * DAY_MS,
      reason: 'blocked',
      source: 'import',
      messageId: null,
      mailedAt: null,
      evidence: null,
    })
    const today = 'from=2026-11-24&to=2026-11-24'
    const recordedToday = ['angry', 'anna', 'gone', 'never', 'old', 'tips']
    assert.deepEqual(names(await get(`events?${today}&by=recorded`)).sort(), recordedToday)
    assert.deepEqual(names(await get(`events?${today}`)).includes('old'), false)
    assert.deepEqual(names(await get('events?to=2026-11-23&by=recorded')), ['Anna', '花子', ' x'])
    assert.deepEqual(names(await post('events', { by: 'recorded', from: '2026-11-24', contains: 'OLD' })), [
      'old',
    ])
  })

  test('expiring tells who becomes deliverable by itself until the end of so many days, and on which', async (t) => {
    const { call, get, database, time } = await withLists(t, { engine })
    assert.equal(
      await get('expiring'),
      'list,address,day,expiresAt,reason,since,requestedAt,source,messageId\r\n',
    )
    time.now += 86 * DAY_MS // 2027-02-18
    const end = '2027-02-20T09:30:00+09:00'
    const asked = '2026-11-22T09:30:00+09:00'
    const line = `sender:news@example.com,花子@example.jp,2027-02-20,${end},listed,${asked},${asked},api,`
    assert.deepEqual(lines(await get('expiring?days=2')), [line])
    assert.deepEqual(names(await get('expiring?days=1')), [])
    assert.deepEqual(names(await get('expiring?days=100')), [' x', '花子'])
    assert.deepEqual(names(await get('expiring?days=3')), ['花子', ' x'])

    await database.transact([
      database.query
        .updateTable('suppression')
        .set({ expires_at: time.now + DAY_MS })
        .where('address_key', 'in', ['gone@example.jp', '花子@example.jp']),
    ])
    assert.deepEqual(names(await get('expiring?days=2')), ['gone', '花子'])
    assert.deepEqual(names(await get('expiring?days=2&list=hard-bounces')), ['gone'])
    const { body } = await call('GET', '/services/10/expiring?days=3')
    assert.deepEqual(body.items, [
      { list: 'hard-bounces', day: '2027-02-19', count: 1 },
      { list: 'sender:news@example.com', day: '2027-02-19', count: 1 },
      { list: 'sender:news@example.com', day: '2027-02-21', count: 1 },
    ])
  })
})

describe('files of lists', () => {
  test('have cells that no spreadsheet calculates where that is asked for, and only in CSV for one', async (t) => {
    const { call, get, put } = await withLists(t)
    await put('blocklist', '=1+1@example.jp', '+tag@example.jp')
    const cells = (text: string) => lines(text).map((line) => line.split(',')[0])
    assert.deepEqual(cells(await get('blocklist?formulas=neutral')).sort(), [
      '\t+tag@example.jp',
      '\t=1+1@example.jp',
      'never@example.jp',
    ])
    assert.deepEqual(cells(await get('blocklist')).sort(), [
      '+tag@example.jp',
      '=1+1@example.jp',
      'never@example.jp',
    ])
    assert.match(await get('one-click?sender=news@example.com&formulas=neutral'), /^送信先アドレス/)
    for (const form of ['format=ndjson', 'compress=zip']) {
      const { status, body } = await call('GET', `/services/10/exports/blocklist?formulas=neutral&${form}`)
      assert.deepEqual([status, body.field], [400, 'formulas'])
    }
  })

  test('are named by what they are and when, and typed by what is in them', async (t) => {
    const { call } = await withLists(t)
    const heads = async (query: string) => {
      const { status, type, headers } = await call('GET', `/services/10/exports/unsubscribes${query}`)
      return [status, type, headers['content-disposition']]
    }
    const named = (ending: string) => `attachment; filename="unsubscribes-20261124_093000.${ending}"`
    assert.deepEqual(await heads(''), [200, 'text/csv; charset=utf-8; header=present', named('csv')])
    assert.deepEqual(await heads('?format=ndjson'), [200, 'application/x-ndjson', named('ndjson')])
    assert.deepEqual(await heads('?compress=gzip'), [200, 'application/gzip', named('csv.gz')])
    assert.deepEqual(await heads('?compress=zip'), [200, 'application/zip', named('zip')])
  })

  test('come as NDJSON with the same names, with a byte order mark, and as gzip of the very same bytes', async (t) => {
    const { app, get } = await withLists(t)
    assert.deepEqual(JSON.parse(await get('blocklist?format=ndjson')), {
      address: 'never@example.jp',
      reason: 'blocked',
      since: '2026-11-24T09:30:00+09:00',
      requestedAt: '2026-11-24T09:30:00+09:00',
      expiresAt: null,
      source: 'api',
      messageId: null,
      state: 'active',
      list: 'blocklist',
    })
    assert.ok((await get('unsubscribes?bom=true')).startsWith('\ufefffrom_address'))
    const url = '/api/v1/services/10/exports/unsubscribes?compress=gzip'
    const { rawPayload } = await app.inject({ url, headers: { authorization: `Bearer ${ADMIN_KEY}` } })
    assert.equal(gunzipSync(rawPayload).toString(), await get('unsubscribes'))
  })

  test('may be read with the permission to download alone', async (t) => {
    const { call } = await withLists(t)
    for (const path of ['unsubscribes', 'hard-bounces', 'filter?filter=Tips', 'events', 'expiring']) {
      const headers = { authorization: `Bearer ${VIEWER_KEY}` }
      const { status, body } = await call('GET', `/services/10/exports/${path}`, undefined, headers)
      assert.deepEqual([status, body.code], [403, 'forbidden'], path)
    }
  })

  test('are on the record with who asked for what, but with no part of an address and no password', async (t) => {
    const { call } = await withLists(t)
    await call('PATCH', '/services/10', { exportPassword: 'open-sesame' })
    await call('POST', '/services/10/exports/unsubscribes?compress=zip', {
      contains: 'anna@example',
      from: '2026-11-21',
      state: 'all',
    })
    await call('POST', '/services/10/exports/messages', { recipient: 'anna@example.jp' })
    const { items } = (await call('GET', '/audit')).body
    const [messages, unsubscribes, change] = items
    assert.deepEqual(messages.detail, { recipient: '…', format: 'csv', compress: 'none' })
    assert.deepEqual(unsubscribes, {
      at: '2026-11-24T00:30:00.000Z',
      actor: 'api:admin',
      action: 'export.unsubscribes',
      siteId: 1,
      subject: 'news',
      detail: {
        from: '2026-11-20T15:00:00.000Z',
        contains: '…',
        format: 'csv',
        compress: 'zip',
        encryption: 'zipcrypto',
      },
    })
    assert.deepEqual(change.detail, { exportPassword: '***', before: { exportPassword: null } })
    assert.ok(!JSON.stringify(items).match(/anna|sesame/))
  })

  test('are refused with the field at fault, and then nothing is on the record', async (t) => {
    const { call } = await startNativeApi(t)
    const before = (await call('GET', '/audit')).body.items.length
    const refused: [string, number, string, string][] = [
      ['unsubscribes?sender=other@example.com', 404, 'unknown-sender', 'sender'],
      ['unsubscribes?contains=taro', 400, 'unknown-field', 'contains'],
      ['unsubscribes?state=gone', 400, 'invalid-value', 'state'],
      ['unsubscribes?from=2026-11-22&to=2026-11-21', 400, 'invalid-value', 'to'],
      ['unsubscribes?compress=rar', 400, 'invalid-value', 'compress'],
      ['unsubscribes?compress=zip&encryption=aes-256', 400, 'invalid-value', 'encryption'],
      ['unsubscribes?compress=gzip&encryption=aes-256', 400, 'invalid-value', 'encryption'],
      ['hard-bounces?sender=news@example.com', 400, 'unknown-field', 'sender'],
      ['filter', 400, 'invalid-value', 'filter'],
      ['filter?filter=None', 404, 'unknown-filter', 'filter'],
      ['hard-bounces?reason=user_unknown', 400, 'invalid-value', 'reason'],
      ['events?reason=undo', 400, 'invalid-value', 'reason'],
      ['expiring?reason=undone', 400, 'invalid-value', 'reason'],
      ['events?list=greylist', 400, 'invalid-value', 'list'],
      ['events?sender=news@example.com&list=complaints', 400, 'invalid-value', 'list'],
      ['expiring?days=0', 400, 'invalid-value', 'days'],
      ['expiring?days=367', 400, 'invalid-value', 'days'],
    ]
    for (const [path, status, code, field] of refused) {
      const answer = await call('GET', `/services/10/exports/${path}`)
      assert.deepEqual([answer.status, answer.body.code, answer.body.field], [status, code, field], path)
    }
    assert.equal((await call('GET', '/audit')).body.items.length, before)
  })
})
