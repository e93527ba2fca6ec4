import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNativeApi } from './native-api.ts'

const REQUEST = { name: '配信リストA', header: 'List-Id', pattern: '<a.example.com>', match: 'exact' }

test('a filter is created, found in its place, changed in place and deleted by the id of its list', async (t) => {
  const { call } = await startNativeApi(t)
  const created = await call('POST', '/services/10/filters', REQUEST)
  const { classId } = created.body
  const filter = { ...REQUEST, position: 2, classId, baseUrl: `https://u.example/${classId}` }
  const { revision, ...shown } = created.body
  assert.deepEqual([created.status, shown], [200, filter])

  const path = `/services/10/filters/${classId}`
  const changed = await call('PATCH', path, { name: 'A', position: 0 })
  const { revision: now, ...after } = changed.body
  assert.deepEqual([changed.status, after], [200, { ...filter, name: 'A', position: 0 }])
  assert.notEqual(now, revision)
  const names = async () =>
    (await call('GET', '/services/10/filters')).body.items.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(), ['A', 'Tips'])

  const deleted = await call('DELETE', path)
  assert.deepEqual([deleted.status, deleted.text], [204, ''])
  assert.deepEqual(await names(), ['Tips'])
  assert.equal((await call('DELETE', path)).body.code, 'unknown-filter')
})

test('filters come page by page in the order in which they are tried', async (t) => {
  const { call } = await startNativeApi(t)
  for (const name of ['a', 'b', 'c'])
    await call('POST', '/services/10/filters', { ...REQUEST, name, position: 1 })
  const names: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const { body } = await call('GET', `/services/10/filters?limit=1${next && `&cursor=${next}`}`)
    names.push(body.items[0].name)
    next = body.next
  }
  assert.deepEqual(names, ['c', 'b', 'a', 'Tips'])
})

test('whoever was on the list of a deleted filter is told apart from those on one of its name', async (t) => {
  const { call } = await startNativeApi(t)
  const list = `filter:${REQUEST.name}`
  const stop = (address: string) => call('POST', '/services/10/suppressions', { list, addresses: [address] })
  const deleted = await call('POST', '/services/10/filters', REQUEST)
  await stop('a@example.jp')
  await call('DELETE', `/services/10/filters/${deleted.body.classId}`)
  assert.equal((await stop('a@example.jp')).body.code, 'unknown-list')
  await call('POST', '/services/10/filters', REQUEST)
  await stop('a@example.jp')

  const { events, excludedBy } = (await call('POST', '/services/10/timeline', { address: 'a@example.jp' }))
    .body
  const listsOf = (items: { list: string }[]) => items.map((item) => item.list).sort()
  assert.deepEqual(listsOf(events), [list, `${list} (archived)`])
  assert.deepEqual(listsOf(excludedBy), [list])
  const search = async (body: object) =>
    listsOf((await call('POST', '/services/10/suppressions/search', body)).body.items)
  assert.deepEqual(await search({}), [list, `${list} (archived)`])
  assert.deepEqual(await search({ list }), [list])
  assert.deepEqual(await search({ list: `${list} (archived)` }), [`${list} (archived)`])
})

test('a filter that could not work is refused with its field and nothing is stored', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [object, string, string][] = [
    [{ name: '' }, 'invalid-value', 'name'],
    [{ name: 'x'.repeat(51) }, 'invalid-value', 'name'],
    [{ name: 'a\tb' }, 'invalid-value', 'name'],
    [{ name: 'A (archived)' }, 'invalid-value', 'name'],
    [{ header: 'X'.repeat(101) }, 'invalid-value', 'header'],
    [{ pattern: '\u{20bb7}'.repeat(101) }, 'invalid-value', 'pattern'],
    [{ pattern: ' a' }, 'invalid-value', 'pattern'],
    [{ pattern: '.{1000}', match: 'regex' }, 'invalid-value', 'pattern'],
    [{ name: 'Tips' }, 'name-taken', 'name'],
    [{ header: 'List Id' }, 'invalid-value', 'header'],
    [{ header: 'X\r\nBcc' }, 'invalid-value', 'header'],
    [{ pattern: 'a\0' }, 'invalid-value', 'pattern'],
    [{ pattern: '(', match: 'regex' }, 'invalid-value', 'pattern'],
    [{ match: 'glob' }, 'invalid-value', 'match'],
    [{ position: -1 }, 'invalid-value', 'position'],
    [{ regex: true }, 'unknown-field', 'regex'],
  ]
  for (const [change, code, field] of refused) {
    const { body } = await call('POST', '/services/10/filters', { ...REQUEST, ...change })
    assert.deepEqual([body.code, body.field], [code, field], JSON.stringify(change))
  }
  assert.equal((await call('GET', '/services/10/filters')).body.items.length, 1)
})

test('a filter has as many characters as the limits say, whatever they are', async (t) => {
  const { call } = await startNativeApi(t)
  const longest = { name: '\u{20bb7}'.repeat(50), header: 'X'.repeat(100), pattern: '\u{20bb7}'.repeat(100) }
  const { status, body } = await call('POST', '/services/10/filters', longest)
  assert.deepEqual([status, body.name, body.match], [200, longest.name, 'exact'])
  const path = `/services/10/filters/${body.classId}`
  assert.equal((await call('PATCH', path, { name: `${longest.name}x` })).body.field, 'name')
  assert.equal((await call('PATCH', path, { name: ' a ' })).body.name, 'a')
})

test('a change to a filter that somebody else changed meanwhile is refused, one to a filter that moved is not', async (t) => {
  const { call } = await startNativeApi(t)
  const { classId, revision: seen } = (await call('POST', '/services/10/filters', REQUEST)).body
  const path = `/services/10/filters/${classId}`
  const moved = await call('PATCH', path, { position: 0 })
  assert.equal(moved.body.revision, seen)
  const first = await call('PATCH', path, { header: 'X-List', revision: seen })
  assert.equal(first.status, 200)
  const late = await call('PATCH', path, { name: 'B', revision: seen })
  assert.deepEqual([late.status, late.body.code, late.body.field], [409, 'changed-meanwhile', 'revision'])
  const { items } = (await call('GET', '/services/10/filters')).body
  assert.deepEqual([items[0].name, items[0].header], [REQUEST.name, 'X-List'])
  assert.equal((await call('PATCH', path, { name: 'B', revision: first.body.revision })).status, 200)

  const names = ['C', 'D', 'E'].map((name) => {
    const { revision } = items[1]
    return call('PATCH', `/services/10/filters/${items[1].classId}`, { name, revision })
  })
  const statuses = (await Promise.all(names)).map(({ status }) => status)
  assert.deepEqual(statuses.toSorted(), [200, 409, 409])
})

test('a filter is moved in the order that was seen, and deleted as it was seen', async (t) => {
  const { call } = await startNativeApi(t)
  const list = async () => (await call('GET', '/services/10/filters')).body
  for (const name of ['a', 'b']) await call('POST', '/services/10/filters', { ...REQUEST, name })
  const seen = await list()
  const [tips, a, b] = seen.items
  const path = ({ classId }: { classId: string }) => `/services/10/filters/${classId}`
  // Of one page the order is that of all of them.
  assert.equal((await call('GET', '/services/10/filters?limit=1')).body.order, seen.order)
  // Another rule leaves the order as it was.
  await call('PATCH', path(a), { pattern: 'x' })
  assert.equal((await list()).order, seen.order)

  const moved = await call('PATCH', path(b), { position: a.position, order: seen.order })
  assert.equal(moved.status, 200)
  const late = await call('PATCH', path(a), { position: tips.position, order: seen.order })
  assert.deepEqual([late.status, late.body.code], [409, 'changed-meanwhile'])
  const now = await list()
  assert.notEqual(now.order, seen.order)
  assert.deepEqual(
    now.items.map(({ name }: { name: string }) => name),
    ['Tips', 'b', 'a'],
  )

  const refused = await call('DELETE', `${path(a)}?revision=${a.revision}`)
  assert.deepEqual([refused.status, refused.body.code], [409, 'changed-meanwhile'])
  assert.equal((await list()).items.length, 3)
  const [, , changed] = now.items
  assert.equal((await call('DELETE', `${path(a)}?revision=${changed.revision}`)).status, 204)
  const after = await call('PATCH', path(b), { position: 0, order: now.order })
  assert.equal(after.body.code, 'changed-meanwhile')
  // Who names none moves and deletes whatever there is.
  assert.equal((await call('PATCH', path(b), { position: 0 })).status, 200)
  assert.equal((await call('DELETE', path(b))).status, 204)
})
