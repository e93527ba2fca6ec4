import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNativeApi } from './native-api.ts'

const REQUEST = { name: '配信リストA', header: 'List-Id', pattern: '<a.example.com>', match: 'exact' }

test('a filter is created, found in its place, changed in place and deleted by the id of its list', async (t) => {
  const { call } = await startNativeApi(t)
  const created = await call('POST', '/services/10/filters', REQUEST)
  const { classId } = created.body
  const filter = { ...REQUEST, position: 2, classId, baseUrl: `https://u.example/${classId}` }
  assert.deepEqual([created.status, created.body], [200, filter])

  const path = `/services/10/filters/${classId}`
  const changed = await call('PATCH', path, { name: 'A', position: 0 })
  assert.deepEqual([changed.status, changed.body], [200, { ...filter, name: 'A', position: 0 }])
  const names = async () =>
    (await call('GET', '/services/10/filters')).body.items.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(), ['A', 'Tips'])

  const deleted = await call('DELETE', path)
  assert.deepEqual([deleted.status, deleted.text], [204, ''])
  assert.deepEqual(await names(), ['Tips'])
  assert.equal((await call('DELETE', path)).body.code, 'unknown-filter')
})

test('filters of equal position keep one order over pages', async (t) => {
  const { call } = await startNativeApi(t)
  for (const name of ['a', 'b', 'c'])
    await call('POST', '/services/10/filters', { ...REQUEST, name, position: 1 })
  const names: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const { body } = await call('GET', `/services/10/filters?limit=1${next && `&cursor=${next}`}`)
    names.push(body.items[0].name)
    next = body.next
  }
  assert.deepEqual(names, ['Tips', 'a', 'b', 'c'])
})

test('a filter that could not work is refused with its field and nothing is stored', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [object, string, string][] = [
    [{ name: '' }, 'invalid-value', 'name'],
    [{ name: 'x'.repeat(51) }, 'invalid-value', 'name'],
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
