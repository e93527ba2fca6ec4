import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '../../../src/storage/database.ts'
import { findLists } from '../../../src/tenants/list.ts'
import { tracesOf as tracesIn } from '../../storage/traces-of.ts'
import { forEachEngine } from '../../support/engines.ts'
import { stop } from '../../suppression/changes.ts'
import { CONTROL_TOKEN, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const LIST = 'sender:news@example.com'
const TARO = 'Taro.Yamada@Example.jp'
const EVIDENCE = { method: 'POST', clientAddress: '192.0.2.77', userAgent: 'Phone', keyId: null, body: TARO }

/** The person by any spelling, by where they were, and by name. */
const tracesOf = (database: Database) => tracesIn(database, /taro\.yamada(@|%40)|192\.0\.2\.77|太郎/i)

forEachEngine((engine) => {
  const begin = async (t: Parameters<typeof startNativeApi>[0]) => {
    const world = await startNativeApi(t, { engine })
    const { call, database, recorder, time } = world
    const lists = await findLists(database, 10)
    const idOf = (kind: string) => lists.find((list) => list.kind === kind)?.id ?? 0
    const importing = async (content: string, query = 'action=add') => {
      const path = `/services/10/imports?list=${LIST}&${query}`
      const { body } = await call('POST', path, content, { 'content-type': 'text/csv' })
      for (;;) {
        const { state } = (await call('GET', `/services/10/imports/${body.id}`)).body
        if (state === 'done') return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const erase = (key?: string, body: object = { address: TARO, service: 10 }) =>
      call('POST', '/erasures', body, key === undefined ? {} : { authorization: `Bearer ${key}` })
    const excluded = async (address = TARO, from = 'news@example.com') => {
      const { body } = await call('POST', '/services/10/check', { from, recipients: [address] })
      return body.excluded.map(({ list, reason }: Record<string, string>) => `${list} ${reason}`)
    }
    const send = (to: string[], more: object = {}) =>
      call('POST', '/services/10/deliveries', {
        ...{ from: 'news@example.com', subject: 'Hi', text: 'Hello {{name}}', ...more },
        recipients: to.map((address) => ({
          to: address,
          substitutions: { name: address === TARO ? '太郎' : 'you' },
        })),
      })
    const requested = () => ({ requestedAt: time.now, evidence: EVIDENCE, messageId: `${time.now}@mail` })
    return { ...world, idOf, importing, erase, excluded, send, requested, record: recorder.record }
  }

  test('an erased person is told by no row of any table, and is excluded as before', async (t) => {
    const { call, database, idOf, importing, erase, excluded, send, requested, record } = await begin(t)
    await send([TARO, 'hanako@example.jp'])
    await send([TARO], { subject: `For ${TARO}`, sendAt: '2099-01-01T00:00:00Z' })
    await send([TARO], { transactional: true, text: `Dear ${TARO}` })
    await record(stop(idOf('sender'), TARO, requested()))
    await record(
      stop(idOf('hard-bounces'), 'taro.yamada@example.jp', { ...requested(), reason: 'user-unknown' }),
    )
    await send([TARO])
    await importing(
      `email\n${TARO}\nother@example.jp\n"Taro <${TARO}> x"\n`,
      `action=add&name=${encodeURIComponent(`解除${TARO}_1.csv`)}`,
    )
    await importing(`email\n${TARO}\nother2@example.jp\n`, 'action=remove&dryRun=true')
    await call('POST', '/services/10/subscribers', { address: 'kept@example.jp', userIds: ['k'] })
    await call('POST', '/services/11/subscribers', {
      address: TARO,
      userIds: ['u'],
      attributes: { name: '太郎' },
    })
    await call('POST', '/services/10/error-counts', { counts: [{ address: TARO, count: 1 }] })
    const noted = { list_id: idOf('sender'), day: '2026-11-21', received_at: 1, evidence_json: '{}' }
    const audited = {
      at: 1,
      actor: 'operator',
      action: 'x',
      site_id: 1,
      detail_json: JSON.stringify({ to: TARO }),
    }
    await database.transact([
      database.query.insertInto('opaque_request').values([
        { ...noted, part: '/taro.yamada%40example.jp' },
        { ...noted, part: '/hanako' },
      ]),
      database.query.insertInto('audit_entry').values({ id: 900_001, subject: 'x', ...audited }),
    ])
    const tables = new Set((await tracesOf(database)).map((trace) => trace.split(':')[0]))
    for (const table of [
      'suppression',
      'event',
      'message',
      'content',
      'import_chunk',
      'import_reject',
      'subscriber',
      'opaque_request',
      'audit_entry',
    ])
      assert.ok(tables.has(table), `${table} knew the person`)
    const before = await excluded()
    assert.equal(before.length, 1)

    const { status, body: receipt } = await erase()
    assert.equal(status, 200, JSON.stringify(receipt))
    assert.deepEqual(await tracesOf(database), [])
    assert.deepEqual(await excluded(), before)
    assert.doesNotMatch(JSON.stringify(receipt), /taro/i)
    assert.ok(
      receipt.replaced.suppression >= 2 && receipt.replaced.event >= 2 && receipt.replaced.message >= 4,
    )
    const { items } = (await call('GET', '/audit?limit=5')).body
    const entry = items.find(({ action }: { action: string }) => action === 'person.erase')
    assert.deepEqual(
      [entry.action, entry.subject, entry.detail.replaced],
      ['person.erase', receipt.id, receipt.replaced],
    )
    assert.equal(
      (await call('POST', '/services/10/subscribers/read', { address: 'kept@example.jp' })).status,
      200,
    )

    const accepted = await send([TARO, 'hanako@example.jp'])
    assert.deepEqual([accepted.body.accepted, Object.values(accepted.body.excluded)], [1, [1]])
    const { excludedBy, events } = (await call('POST', '/services/10/timeline', { address: TARO })).body
    assert.ok(excludedBy.length >= 1 && events.length >= 2)
    assert.ok(
      events.every(
        ({ address, evidence }: Record<string, string>) =>
          address?.startsWith('erased:') && evidence === null,
      ),
    )
  })

  test('what comes about them later counts, and does not write the address back', async (t) => {
    const { call, database, idOf, importing, erase, excluded, requested, record, time } = await begin(t)
    await record(stop(idOf('sender'), TARO, requested()))
    await erase()
    time.now += 1_000
    await record(stop(idOf('sender'), TARO, requested()))
    assert.deepEqual(await record(stop(idOf('complaints'), TARO, { ...requested(), reason: 'complaint' })), {
      changed: true,
    })
    await call('POST', '/services/10/suppressions', { list: 'blocklist', addresses: [TARO] })
    await importing(`email\n${TARO}\nb@example.jp\n`, `action=add&name=list-${TARO}_1.csv`)
    await call('POST', '/services/10/error-counts', { counts: [{ address: TARO, count: 2 }] })
    const people = `メールアドレス\n${TARO}\nc@example.jp\n`
    const imported = await call('POST', '/services/10/subscribers/import', people, {
      'content-type': 'text/csv',
    })
    assert.deepEqual([imported.body.imported, imported.body.erased], [1, 1])
    assert.deepEqual(await tracesOf(database), [])
    assert.equal((await excluded()).length, 1)

    for (const list of ['complaints', 'blocklist']) {
      const resumed = await call('POST', '/services/10/suppressions/resume', { list, addresses: [TARO] })
      assert.equal(resumed.body.changed, 1, list)
    }
    assert.deepEqual(await excluded(), [`${LIST} unsubscribed`])
    await importing(`email\n${TARO}\n`, 'action=remove')
    assert.deepEqual(await excluded(), [])
    assert.deepEqual(await tracesOf(database), [])

    await record(stop(idOf('sender'), TARO, requested()))
    assert.equal((await excluded()).length, 1)
    const joined = await call('POST', '/services/10/subscribers', { address: TARO })
    assert.deepEqual([joined.status, joined.body.lifted], [201, 1])
    assert.deepEqual(await excluded(), [])
    time.now += 1_000
    await record(stop(idOf('sender'), TARO, requested()))
    await erase()
    assert.deepEqual(await tracesOf(database), [])
    assert.equal((await excluded()).length, 1)
  })

  test('who has an address that holds theirs is another person, and stays as they are', async (t) => {
    const { database, importing, erase, excluded } = await begin(t)
    const others = [`x.${TARO}`, `${TARO}.example.com`, 'amada@example.jp']
    await importing(`email\n${TARO}\n${others.join('\n')}\n`)
    const chunk = database.query.selectFrom('import_chunk').select('rows_json')
    const before = await database.read(chunk)
    await erase(undefined, { address: 'yamada@example.jp', service: 10 })
    assert.deepEqual(await database.read(chunk), before)
    assert.equal((await excluded()).length, 1)
    await erase()
    for (const address of [TARO, ...others]) assert.equal((await excluded(address)).length, 1, address)
    const [{ rows_json = '' } = {}] = await database.read(chunk)
    const keys = JSON.parse(rows_json).map(([key]: string[]) => key)
    assert.deepEqual(
      keys.filter((key: string) => !key.startsWith('erased:')).sort(),
      others.map((one) => one.toLowerCase()).sort(),
    )
  })

  test('another site keeps what it knows, and only who administers the site may erase', async (t) => {
    const { call, database, erase, excluded } = await begin(t)
    const foreign = { authorization: `Bearer ${STRANGER_KEY}` }
    await call('POST', '/services/20/suppressions', { list: 'blocklist', addresses: [TARO] }, foreign)
    assert.equal((await erase(VIEWER_KEY)).status, 403)
    assert.equal((await erase(STRANGER_KEY)).body.code, 'unknown-service')
    assert.equal((await erase(undefined, { address: 'nobody', service: 10 })).body.field, 'address')
    assert.equal((await erase(undefined, { address: TARO, service: 99 })).body.code, 'unknown-service')
    assert.equal((await erase(CONTROL_TOKEN)).status, 200)
    assert.deepEqual(await excluded(), [])
    const found = await call('POST', '/services/20/suppressions/search', { address: TARO }, foreign)
    assert.equal(found.body.items[0]?.address, TARO)
    assert.ok((await tracesOf(database)).length > 0)
  })
})
