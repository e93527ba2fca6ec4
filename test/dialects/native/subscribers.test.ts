import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { NOW, STRANGER_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

const SUBSCRIBERS = '/services/10/subscribers'
const LIST = 'sender:news@example.com'
const iso = (time: number) => new Date(time).toISOString()

forEachEngine((engine) => {
  test('a subscriber is registered, found, edited, registered anew and deleted, each on the record without an address', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const data = { userIds: ['u2', 'u1', 'u1'], attributes: { 名前: '太郎', age: 30 } }
    const first = await call('POST', SUBSCRIBERS, { address: ' Taro@Example.jp ', ...data })
    const taro = {
      ...{ address: 'Taro@Example.jp', userIds: ['u1', 'u2'], attributes: data.attributes },
      ...{ membership: 'joined', since: iso(NOW), via: 'api', createdAt: iso(NOW), updatedAt: iso(NOW) },
      revision: first.body.revision,
    }
    assert.deepEqual([first.status, first.body], [201, { ...taro, created: true, lifted: 0 }])

    await call('POST', '/services/10/suppressions', { list: LIST, addresses: ['taro@example.jp'] })
    time.now += 1_000
    const edit = { address: 'taro@example.jp', membership: 'left', attributes: {} }
    const left = await call('POST', `${SUBSCRIBERS}/edit`, edit)
    assert.deepEqual([left.status, left.body.membership, left.body.lifted], [200, 'left', 0])
    const [found] = (await call('POST', `${SUBSCRIBERS}/search`, { userId: 'u2' })).body.items
    const changed = { membership: 'left', since: iso(NOW + 1_000), updatedAt: iso(NOW + 1_000) }
    assert.notEqual(found.revision, taro.revision)
    const { revision } = found
    assert.deepEqual(found, { ...taro, address: 'taro@example.jp', attributes: {}, ...changed, revision })
    assert.deepEqual((await call('POST', `${SUBSCRIBERS}/search`, { membership: 'joined' })).body.items, [])

    const anew = await call('POST', SUBSCRIBERS, { address: 'TARO@example.jp' })
    assert.deepEqual([anew.status, anew.body.created, anew.body.lifted], [200, false, 1])
    assert.deepEqual(
      (await call('POST', `${SUBSCRIBERS}/read`, { address: 'taro@example.jp' })).body.userIds,
      ['u1', 'u2'],
    )
    const check = { from: 'news@example.com', recipients: ['taro@example.jp'] }
    assert.deepEqual((await call('POST', '/services/10/check', check)).body.excluded, [])
    const flags = await call('GET', '/services/10/exports/one-click?sender=news@example.com')
    assert.equal(flags.text.split('\r\n').length, 2)

    const gone = await call('POST', `${SUBSCRIBERS}/delete`, { address: 'taro@example.jp' })
    assert.deepEqual([gone.status, gone.text], [204, ''])
    assert.equal(
      (await call('POST', `${SUBSCRIBERS}/read`, { address: 'taro@example.jp' })).body.code,
      'unknown-subscriber',
    )
    const { items } = (await call('GET', '/audit?limit=20')).body
    const record = items.filter(({ action }: { action: string }) => action.startsWith('subscriber.'))
    assert.deepEqual(
      record.map(({ action, subject }: Record<string, string>) => `${action} ${subject}`),
      ['delete', 'register', 'edit', 'register'].map((verb) => `subscriber.${verb} t***@example.jp`),
    )
  })

  test('an edit that names what was read is refused once somebody else, or a form, changed it', async (t) => {
    const { call, time } = await startNativeApi(t, { engine })
    const address = 'taro@example.jp'
    const read = async () => (await call('POST', `${SUBSCRIBERS}/read`, { address })).body
    const edit = (change: object) => call('POST', `${SUBSCRIBERS}/edit`, { address, ...change })
    await call('POST', SUBSCRIBERS, { address, userIds: ['2', '1'], attributes: { plan: 'a' } })
    const { revision } = await read()
    time.now += 1_000
    assert.equal((await edit({ userIds: ['3'], revision })).status, 200)
    const late = await edit({ attributes: { plan: 'b' }, membership: 'left', revision })
    assert.deepEqual([late.status, late.body.code], [409, 'changed-meanwhile'])
    const now = await read()
    assert.deepEqual([now.userIds, now.attributes, now.membership], [['3'], { plan: 'a' }, 'joined'])
    const again = await edit({ attributes: { plan: 'b' }, membership: 'left', revision: now.revision })
    assert.deepEqual(
      [again.body.userIds, again.body.attributes, again.body.membership],
      [['3'], { plan: 'b' }, 'left'],
    )
    // Of many at once one is first; the others learn of it.
    const seen = (await read()).revision
    const all = await Promise.all(
      ['c', 'd', 'e', 'f'].map((plan) => edit({ attributes: { plan }, revision: seen })),
    )
    assert.deepEqual(all.map(({ status }) => status).sort(), [200, 409, 409, 409])
    const won = all.find(({ status }) => status === 200)
    assert.deepEqual((await read()).attributes, won?.body.attributes)
  })

  test('the file of unsubscribes has a line for each user id, and one without where there is none', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    for (const [address, userIds] of [
      ['a@example.jp', ['1', '2,3']],
      ['b@example.jp', []],
    ] as const) {
      await call('POST', SUBSCRIBERS, { address, userIds })
    }
    const addresses = ['a@example.jp', 'b@example.jp', 'c@example.jp']
    await call('POST', '/services/10/suppressions', { list: LIST, addresses })
    const file = await call('GET', '/services/10/exports/unsubscribes')
    const line = (userId: string, target: string) =>
      `news@example.com,${userId},${target},2026-11-21T09:30:00+09:00`
    assert.deepEqual(file.text.trimEnd().split('\r\n'), [
      'from_address,user_id,target,timestamp',
      line('1', 'a@example.jp'),
      line('"2,3"', 'a@example.jp'),
      line('', 'b@example.jp'),
      line('', 'c@example.jp'),
    ])
  })
})

test('what is too much or no address is refused by its field, and nothing is stored', async (t) => {
  const { call } = await startNativeApi(t)
  const attributes = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, value]))
  const mistakes = [
    [{ address: 'nobody' }, 'address'],
    [{ address: 'a@example.jp', userIds: Array(21).fill('x') }, 'userIds'],
    [{ address: 'a@example.jp', userIds: ['a\nb'] }, 'userIds[0]'],
    [{ address: 'a@example.jp', userIds: [''] }, 'userIds[0]'],
    [{ address: 'a@example.jp', attributes: attributes(51, 1) }, 'attributes'],
    [{ address: 'a@example.jp', attributes: attributes(20, 'x'.repeat(1_000)) }, 'attributes'],
    [{ address: 'a@example.jp', attributes: { name: 'x'.repeat(1_001) } }, 'attributes.name'],
    [{ address: 'a@example.jp', attributes: { name: { first: 'x' } } }, 'attributes.name'],
    [{ address: 'a@example.jp', attributes: { name: '\0' } }, 'attributes.name'],
    [{ address: 'a@example.jp', membership: 'joined' }, 'membership'],
  ] as const
  for (const [body, field] of mistakes) {
    const { status, body: problem } = await call('POST', SUBSCRIBERS, body)
    assert.deepEqual([status, problem.field], [400, field])
  }
  assert.deepEqual((await call('POST', `${SUBSCRIBERS}/search`, {})).body.items, [])
})

test('a file registers its rows in one call, on the record by its hash, and one that cannot be read changes nothing', async (t) => {
  const { call } = await startNativeApi(t)
  const file = (content: string, query = '') =>
    call('POST', `${SUBSCRIBERS}/import${query}`, content, { 'content-type': 'text/csv' })
  const { status, body } = await file('email,user_id\na@example.jp,7\nnobody,8\n', '?membership=left')
  const rejects = [
    { row: 3, text: 'nobody,8', code: 'malformed-address', reason: 'this is not a mail address' },
  ]
  const { sha256, ...done } = body
  assert.deepEqual([status, done], [200, { encoding: 'utf-8', rows: 2, imported: 1, erased: 0, rejects }])
  assert.match(sha256, /^[0-9a-f]{64}$/)
  assert.equal(
    (await call('POST', `${SUBSCRIBERS}/read`, { address: 'a@example.jp' })).body.membership,
    'left',
  )
  const [entry] = (await call('GET', '/audit?limit=1')).body.items
  assert.deepEqual(
    [entry.action, entry.detail],
    ['subscriber.import', { sha256, encoding: 'utf-8', rows: 2, imported: 1, erased: 0, rejected: 1 }],
  )

  const refused = await file('email\nb@example.jp\n"c')
  assert.deepEqual([refused.status, refused.body.code], [400, 'unreadable-file'])
  assert.equal((await file('email\nb@example.jp', '?membership=x')).body.field, 'membership')
  assert.equal((await call('POST', `${SUBSCRIBERS}/search`, {})).body.items.length, 1)
  const inJapanese = await file('email,name\nnobody,8', '?language=ja')
  assert.equal(inJapanese.body.rejects[0].reason, 'メールアドレスの形式が正しくありません')
})

test('who may only view cannot change, and another site sees nothing', async (t) => {
  const { call } = await startNativeApi(t)
  await call('POST', SUBSCRIBERS, { address: 'a@example.jp' })
  const as = (key: string, path: string, body: object) =>
    call('POST', `${SUBSCRIBERS}${path}`, body, { authorization: `Bearer ${key}` })
  assert.equal((await as(VIEWER_KEY, '/search', {})).body.items.length, 1)
  for (const path of ['', '/edit', '/delete']) {
    assert.equal((await as(VIEWER_KEY, path, { address: 'a@example.jp' })).status, 403, path)
  }
  for (const path of ['', '/edit', '/delete', '/read']) {
    assert.equal((await as(STRANGER_KEY, path, { address: 'a@example.jp' })).status, 404, path)
  }
})

test('what a person is to each service of the site is told for those that the caller may use', async (t) => {
  const { call } = await startNativeApi(t)
  await call('POST', SUBSCRIBERS, { address: 'a@example.jp' })
  const { status, body } = await call('POST', `${SUBSCRIBERS}/memberships`, { address: 'A@example.jp' })
  assert.equal(status, 200)
  const [own] = body.items.filter(({ service }: { service: { id: number } }) => service.id === 10)
  assert.deepEqual([own.membership, own.since], ['joined', iso(NOW)])
  const nobody = await call('POST', `${SUBSCRIBERS}/memberships`, { address: 'b@example.jp' })
  assert.ok(nobody.body.items.every((item: { membership: string | null }) => item.membership === null))
})
