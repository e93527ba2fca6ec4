import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  createFilter,
  deleteFilter,
  findFilter,
  findFilters,
  revisionOfFilter,
  updateFilter,
} from '../../src/tenants/filter.ts'
import { revisionOfOrder } from '../../src/tenants/filter-order.ts'
import type { FilterChange, FilterRequest } from '../../src/tenants/filter-rules.ts'
import { findLists, listRef, resolveList, resolveLists } from '../../src/tenants/list.ts'
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
    assert.deepEqual(await findFilter(database, service.id, filter.classId), filter)
    const list = await resolveList(database, service.id, `filter:${REQUEST.name}`)
    assert.deepEqual([list.id, list.classId, list.archived], [filter.listId, filter.classId, false])
  })

  it('lets one of several who move filters of the same order do so, or delete the same one', async () => {
    const { database, create, service } = await prepared()
    const filters = []
    for (const name of ['a', 'b', 'c', 'd']) filters.push(await create({ name }))
    const all = () => findFilters(database, service.id)
    const codeOf = ({ code }: { code?: string }) => code
    const order = revisionOfOrder(await all())
    const moves = filters
      .slice(1)
      .map(({ classId }) =>
        updateFilter(database, service.id, classId, { position: 1 }, { order }).catch(codeOf),
      )
    const outcomes = await Promise.all(moves)
    assert.equal(outcomes.filter((outcome) => outcome === 'changed-meanwhile').length, 2)
    assert.deepEqual(
      (await all()).map(({ position }) => position),
      [1, 2, 3, 4],
    )

    const [first] = await all()
    const { classId = '' } = first ?? {}
    const change = updateFilter(database, service.id, classId, { pattern: 'z' })
    const deletions = [1, 2].map(() =>
      deleteFilter(database, service.id, classId, 7, first && revisionOfFilter(first)).catch(codeOf),
    )
    const [changed, ...deleted] = await Promise.all([change.catch(codeOf), ...deletions])
    const codes = deleted.filter((outcome) => typeof outcome === 'string')
    const isChanged = typeof changed === 'object'
    // Whichever came first, nobody deleted what they had not seen, and nothing was deleted twice.
    assert.equal((await all()).length, codes.length === 2 ? 4 : 3)
    assert.ok(codes.length === 2 ? isChanged : codes.length === 1)
  })

  it('tries filters by position, and new ones last', async () => {
    const { database, create, service } = await prepared()
    const placed = async () =>
      (await findFilters(database, service.id)).map(({ name, position }) => `${name} ${position}`)
    const byName = new Map<string, string>()
    const put = async (name: string, position?: number) => {
      const classId = byName.get(name)
      if (classId === undefined) byName.set(name, (await create({ name, position })).classId)
      else await updateFilter(database, service.id, classId, { position })
      return placed()
    }
    await put('b')
    assert.deepEqual(await put('c'), ['b 1', 'c 2'])
    assert.deepEqual(await put('a', 0), ['a 0', 'b 1', 'c 2'])
    // Whoever stands there gives way, and with it those right behind it.
    assert.deepEqual(await put('d', 1), ['a 0', 'd 1', 'b 2', 'c 3'])
    assert.deepEqual(await put('z', 9), ['a 0', 'd 1', 'b 2', 'c 3', 'z 9'])
    assert.deepEqual(await put('c', 1), ['a 0', 'c 1', 'd 2', 'b 3', 'z 9'])
    // A gap stays, and ends the run of those who give way.
    assert.deepEqual(await put('a', 2), ['c 1', 'a 2', 'd 3', 'b 4', 'z 9'])
    await deleteFilter(database, service.id, byName.get('d') ?? '', 7)
    assert.deepEqual(await put('c', 2), ['c 2', 'a 3', 'b 4', 'z 9'])
    await deleteFilter(database, service.id, byName.get('a') ?? '', 7)
    assert.deepEqual(await put('z', 2), ['z 2', 'c 3', 'b 4'])
    assert.deepEqual(await put('e'), ['z 2', 'c 3', 'b 4', 'e 5'])
    assert.deepEqual(await put('e', 5), ['z 2', 'c 3', 'b 4', 'e 5'])
    for (const position of [-1, 1.5, 1_000_001]) {
      await assert.rejects(put('e', position), { code: 'invalid-value', field: 'position' })
    }
  })

  it('gives each a place of its own when several come to one place at once', async () => {
    const { database, create, service } = await prepared()
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => create({ name, position: 1 })))
    await Promise.all(['e', 'f'].map((name) => create({ name })))
    const positions = (await findFilters(database, service.id)).map(({ position }) => position)
    assert.deepEqual(positions, [1, 2, 3, 4, 5, 6])
  })

  it('moves no filter of another service', async () => {
    const { database, create } = await prepared()
    const other = await prepared()
    await other.create({ name: 'theirs', position: 1 })
    await create({ name: 'ours', position: 1 })
    await create({ name: 'ours too', position: 1 })
    assert.equal((await findFilters(database, other.service.id))[0]?.position, 1)
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
    for (const text of ['a\0b', 'a\nb', 'a\rb', 'a\tb', 'a\x85b', 'a\ud800b']) {
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
    await assert.rejects(updateFilter(database, service.id, filter.classId, { match: 'regex' }), {
      code: 'invalid-value',
      field: 'pattern',
    })
    assert.deepEqual(await findFilter(database, service.id, filter.classId), filter)
  })

  it('refuses a name that another filter of the service has', async () => {
    const { database, create, service } = await prepared()
    await create({ name: 'a' })
    const b = await create({ name: 'b' })
    await assert.rejects(create({ name: 'a' }), { code: 'name-taken', field: 'name' })
    await assert.rejects(updateFilter(database, service.id, b.classId, { name: 'a' }), { code: 'name-taken' })
    const other = await someService(database)
    for (const [serviceId, classId] of [
      [service.id, 'c'],
      [other.service.id, b.classId],
    ] as const) {
      await assert.rejects(updateFilter(database, serviceId, classId, {}), {
        code: 'unknown-filter',
        field: 'classId',
      })
    }
    const lists = (await findLists(database, service.id)).filter(({ kind }) => kind === 'filter')
    assert.deepEqual(
      lists.map(({ label }) => label),
      ['a', 'b'],
    )
    await createFilter(database, other.listIds, other.service, { ...REQUEST, name: 'a', now: 0 })
  })

  it('keeps its list and class_id when it is changed', async () => {
    const { database, create, service } = await prepared()
    const before = await create()
    const change = { name: 'B', header: 'X-List', pattern: '^b', match: 'regex', position: 9 } as const
    const after = await updateFilter(database, service.id, before.classId, change)
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
    await deleteFilter(database, service.id, deleted.classId, 7)
    assert.deepEqual(await findFilters(database, service.id), [])
    await assert.rejects(deleteFilter(database, service.id, deleted.classId, 8), { code: 'unknown-filter' })
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

  it('tells the archived lists from the one that has their name now', async () => {
    const { database, create, service } = await prepared()
    const deleted = [await create(), await create({ name: 'B' })]
    for (const { classId } of deleted) await deleteFilter(database, service.id, classId, 7)
    const second = await create()
    await deleteFilter(database, service.id, second.classId, 8)
    const live = await create()
    const refs = (await findLists(database, service.id)).slice(3).map(listRef)
    const [name, archived] = [`filter:${REQUEST.name}`, `filter:${REQUEST.name} (archived)`]
    assert.deepEqual(refs, [archived, 'filter:B (archived)', archived, name])

    const idsOf = async (ref: string) => (await resolveLists(database, service.id, ref)).map(({ id }) => id)
    assert.deepEqual(await idsOf(name), [live.listId])
    assert.deepEqual(await idsOf(archived), [deleted[0]?.listId, second.listId])
    await assert.rejects(resolveList(database, service.id, archived), { code: 'unknown-list' })
    await assert.rejects(create({ name: 'B (archived)' }), { code: 'invalid-value', field: 'name' })
  })

  it('keeps both of two changes of one filter that are made at once', async () => {
    const { database, create, service } = await prepared()
    const { classId } = await create()
    const change = (given: FilterChange) => updateFilter(database, service.id, classId, given)
    await Promise.all([change({ header: 'X-List' }), change({ name: 'B' }), change({ pattern: 'b' })])
    const { name, header, pattern } = await findFilter(database, service.id, classId)
    assert.deepEqual([name, header, pattern], ['B', 'X-List', 'b'])
    assert.equal((await resolveList(database, service.id, 'filter:B')).classId, classId)
  })

  it('never lets two changes make a filter together that each of them alone would not', async () => {
    for (let round = 0; round < 5; round++) {
      const { database, create, service } = await prepared()
      const { classId } = await create({ pattern: 'a' })
      const change = (given: FilterChange) =>
        updateFilter(database, service.id, classId, given).catch(({ code }) => code)
      const outcomes = await Promise.all([change({ match: 'regex' }), change({ pattern: '(' })])
      const { match, pattern } = await findFilter(database, service.id, classId)
      assert.ok(!(match === 'regex' && pattern === '('))
      assert.equal(outcomes.filter((outcome) => outcome === 'invalid-value').length, 1)
    }
  })

  it('changes no filter that is deleted meanwhile', async () => {
    const { database, create, service } = await prepared()
    const { classId } = await create()
    const [, outcome] = await Promise.all([
      deleteFilter(database, service.id, classId, 7),
      updateFilter(database, service.id, classId, { name: 'B' }).catch(({ code }) => code),
    ])
    assert.ok(outcome === 'unknown-filter' || outcome.name === 'B')
    assert.deepEqual(await findFilters(database, service.id), [])
  })

  async function prepared() {
    const database = shared()
    const { service, listIds } = await someService(database)
    const create = (given: Partial<FilterRequest> = {}) =>
      createFilter(database, listIds, service, { ...REQUEST, ...given, now: 0 })
    return { database, service, create }
  }
})
