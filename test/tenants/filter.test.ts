import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createFilter,
  deleteFilter,
  type FilterRequest,
  filterMatches,
  findFilter,
  findFilters,
  updateFilter,
} from '../../src/tenants/filter.ts'
import { findLists, resolveList } from '../../src/tenants/list.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from './some-service.ts'

const REQUEST: FilterRequest = {
  name: '配信リストA',
  header: 'List-Id',
  pattern: '<a.example.com>',
  match: 'exact',
}

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('creates a filter with a list and a class_id of its own', async () => {
    const { database, create, service } = await prepared()
    const filter = await create()
    assert.deepEqual(await findFilters(database, service.id), [filter])
    assert.deepEqual(await findFilter(database, service.id, REQUEST.name), filter)
    const list = await resolveList(database, service.id, `filter:${REQUEST.name}`)
    assert.deepEqual([list.id, list.classId, list.archived], [filter.listId, filter.classId, false])
  })

  it('tries filters by position, and new ones last', async () => {
    const { database, create, service } = await prepared()
    for (const [name, position] of [
      ['b', undefined],
      ['c', undefined],
      ['a', 0],
      ['also 1', 1],
    ] as const) {
      await create({ name, position })
    }
    const order = async () => (await findFilters(database, service.id)).map(({ name }) => name)
    assert.deepEqual(await order(), ['a', 'b', 'also 1', 'c'])
    await updateFilter(database, service.id, 'c', { position: -1 })
    assert.deepEqual(await order(), ['c', 'a', 'b', 'also 1'])
  })

  it('takes names to 50, headers and patterns to 100 characters, whatever their bytes', async () => {
    const { create } = await prepared()
    const longest = {
      name: '\u{20bb7}'.repeat(50),
      header: 'X'.repeat(100),
      pattern: '\u{20bb7}'.repeat(100),
    }
    await create(longest)
    for (const field of ['name', 'header', 'pattern'] as const) {
      const tooLong = { ...longest, name: 'other', [field]: `${longest[field]}X` }
      await assert.rejects(create(tooLong), { code: 'invalid-value', field })
      await assert.rejects(create({ ...REQUEST, [field]: '' }), { code: 'invalid-value', field })
    }
  })

  it('refuses what no header can be and what no engine can store', async () => {
    const { create } = await prepared()
    for (const header of ['List Id', 'List-Id:', 'リスト', 'a\x7f', 'X-A\r\nX-B']) {
      await assert.rejects(create({ header }), { code: 'invalid-value', field: 'header' })
    }
    for (const text of ['a\0b', 'a\nb', 'a\rb', 'a\ud800b']) {
      await assert.rejects(create({ name: text }), { code: 'invalid-value', field: 'name' })
      await assert.rejects(create({ pattern: text }), { code: 'invalid-value', field: 'pattern' })
    }
  })

  it('refuses a regular expression that is none, or that cannot run in linear time', async () => {
    const { database, create, service } = await prepared()
    for (const pattern of ['(', '[a', 'a**', '(?=a)', '(a)\\1', '(?<!a)b']) {
      await assert.rejects(create({ pattern, match: 'regex' }), { code: 'invalid-value', field: 'pattern' })
    }
    const filter = await create({ pattern: '(', match: 'exact' })
    await assert.rejects(updateFilter(database, service.id, filter.name, { match: 'regex' }), {
      code: 'invalid-value',
      field: 'pattern',
    })
    assert.deepEqual(await findFilter(database, service.id, filter.name), filter)
  })

  it('refuses a name that another filter of the service has', async () => {
    const { database, create, service } = await prepared()
    await create({ name: 'a' })
    await create({ name: 'b' })
    await assert.rejects(create({ name: 'a' }), { code: 'name-taken', field: 'name' })
    await assert.rejects(updateFilter(database, service.id, 'b', { name: 'a' }), { code: 'name-taken' })
    await assert.rejects(updateFilter(database, service.id, 'c', {}), {
      code: 'unknown-filter',
      field: 'name',
    })
    const lists = (await findLists(database, service.id)).filter(({ kind }) => kind === 'filter')
    assert.deepEqual(
      lists.map(({ label }) => label),
      ['a', 'b'],
    )
    const other = await someService(database)
    await createFilter(database, other.listIds, other.service, { ...REQUEST, name: 'a', now: 0 })
  })

  it('keeps its list and class_id when it is changed', async () => {
    const { database, create, service } = await prepared()
    const before = await create()
    const change = { name: 'B', header: 'X-List', pattern: '^b', match: 'regex', position: 9 } as const
    const after = await updateFilter(database, service.id, REQUEST.name, change)
    assert.deepEqual(after, { ...before, ...change })
    assert.deepEqual(await findFilters(database, service.id), [after])
    assert.equal((await resolveList(database, service.id, 'filter:B')).id, before.listId)
    await assert.rejects(resolveList(database, service.id, `filter:${REQUEST.name}`), {
      code: 'unknown-list',
    })
  })

  it('archives the list of a deleted filter, whose name is free again for another list', async () => {
    const { database, create, service } = await prepared()
    const deleted = await create()
    await deleteFilter(database, service.id, REQUEST.name, 7)
    assert.deepEqual(await findFilters(database, service.id), [])
    await assert.rejects(deleteFilter(database, service.id, REQUEST.name, 8), { code: 'unknown-filter' })
    await assert.rejects(resolveList(database, service.id, `filter:${REQUEST.name}`), {
      code: 'unknown-list',
    })
    const kept = (await findLists(database, service.id)).find(({ id }) => id === deleted.listId)
    assert.deepEqual([kept?.archived, kept?.classId], [true, deleted.classId])

    const again = await create()
    assert.notEqual(again.listId, deleted.listId)
    assert.notEqual(again.classId, deleted.classId)
    assert.equal((await resolveList(database, service.id, `filter:${REQUEST.name}`)).id, again.listId)
  })

  async function prepared() {
    const database = shared()
    const { service, listIds } = await someService(database)
    const create = (given: Partial<FilterRequest> = {}) =>
      createFilter(database, listIds, service, { ...REQUEST, ...given, now: 0 })
    return { database, service, create }
  }
})

describe('a filter', () => {
  it('equals a whole value or matches a part of one', () => {
    const exact = { pattern: '<a.example.com>', match: 'exact' } as const
    assert.equal(filterMatches(exact, ['<a.example.com>']), true)
    assert.equal(filterMatches(exact, ['other', '<a.example.com>']), true)
    assert.equal(filterMatches(exact, ['A list <a.example.com>']), false)
    assert.equal(filterMatches(exact, ['<A.example.com>']), false)
    assert.equal(filterMatches(exact, []), false)

    const regex = { pattern: '<[ab]\\.example', match: 'regex' } as const
    assert.equal(filterMatches(regex, ['A list <b.example.com>']), true)
    assert.equal(filterMatches(regex, ['A list <c.example.com>']), false)
    assert.equal(filterMatches({ pattern: '^週刊', match: 'regex' }, ['月刊', '週刊ニュース']), true)
  })

  it('takes no longer for a pattern made to hang', () => {
    const started = performance.now()
    assert.equal(filterMatches({ pattern: '(a+)+$', match: 'regex' }, [`${'a'.repeat(5_000)}!`]), false)
    assert.ok(performance.now() - started < 1_000)
  })
})
