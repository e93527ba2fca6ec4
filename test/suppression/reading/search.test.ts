import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { addressKey } from '../../../src/kernel/address.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { Database } from '../../../src/storage/database.ts'
import { rowSet } from '../../../src/storage/row-set.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { type FoundSuppression, searchSuppressions } from '../../../src/suppression/reading/search.ts'
import type { SuppressionSearch } from '../../../src/suppression/reading/search-rows.ts'
import { findLists, type List } from '../../../src/tenants/list.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { fc, runs } from '../../support/properties.ts'
import { someService } from '../../tenants/some-service.ts'
import { lift, stop } from '../changes.ts'

const START = Date.UTC(2026, 0, 1)

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('shows each row as it stands', async () => {
    const { lists, record } = await begin({ complaints: 10 })
    await record(
      stop(id(lists[0]), 'Bounced@Example.com', { requestedAt: START, reason: 'moved', source: 'inbound' }),
    )
    const complaint = { requestedAt: START + 5, reason: 'complaint', messageId: 'm@mail' } as const
    await record(stop(id(lists[1]), 'angry@example.com', complaint))
    const { items, next } = await searchSuppressions(database(), {
      lists,
      now: START + 10 * DAY_MS + 5,
      limit: 10,
    })
    assert.equal(next, null)
    assert.deepEqual(items, [
      {
        address: 'angry@example.com',
        listId: lists[1]?.id,
        reason: 'complaint',
        active: false,
        since: START + 5,
        requestedAt: START + 5,
        expiresAt: START + 5 + 10 * DAY_MS,
        messageId: 'm@mail',
        source: 'one-click',
      },
      {
        address: 'Bounced@Example.com',
        listId: lists[0]?.id,
        reason: 'moved',
        active: true,
        since: START,
        requestedAt: START,
        expiresAt: null,
        messageId: null,
        source: 'inbound',
      },
    ])
  })

  it('finds by state, and never who was removed from the list', async () => {
    const { lists, record, find } = await begin({ complaints: 10 })
    const list = id(lists[1])
    for (const person of ['active', 'expired', 'resumed', 'removed']) {
      const requestedAt = person === 'expired' ? START - 10 * DAY_MS : START
      await record(stop(list, `${person}@example.com`, { requestedAt }))
    }
    await record(lift('resume', list, 'resumed@example.com'))
    await record(lift('remove', list, 'removed@example.com'))
    assert.deepEqual(await find({ state: 'active' }), ['active'])
    assert.deepEqual(await find({ state: 'expired' }), ['expired'])
    assert.deepEqual(await find({ state: 'resumed' }), ['resumed'])
    assert.deepEqual(await find({}), ['resumed', 'active', 'expired'])
    assert.deepEqual(await find({ addressKey: 'removed@example.com' }), [])
  })

  it('finds by address on the given lists only', async () => {
    const { lists, record, find } = await begin()
    for (const list of lists) await record(stop(list.id, 'a@example.com', { requestedAt: START + list.id }))
    await record(stop(id(lists[0]), 'b@example.com', { requestedAt: START }))
    assert.deepEqual(await find({ addressKey: 'a@example.com' }), ['a', 'a', 'a'])
    assert.deepEqual(await find({ addressKey: 'a@example.com', lists: lists.slice(1, 2) }), ['a'])
    assert.deepEqual(await find({ addressKey: 'c@example.com' }), [])
    assert.deepEqual(await find({ lists: [] }), [])
    assert.deepEqual(await find({ addressKey: 'a@example.com', lists: [] }), [])
  })

  it('finds by whole labels of a domain beyond ASCII, as they are shown and as they are stored', async () => {
    const { lists, record, find } = await begin()
    await record(stop(id(lists[0]), '日本@例え.jp'))
    await record(stop(id(lists[0]), '日本@例.example'))
    for (const contains of [
      '例え',
      '本@例え.jp',
      '@例え.JP',
      '例え.',
      'え.jp@',
      'XN--R8JZ45G',
      '.jp',
      '日本@例え.jp',
    ]) {
      assert.equal((await find({ contains })).length, contains.startsWith('え') ? 0 : 1, contains)
    }
    assert.equal((await find({ contains: '日' })).length, 2)
    assert.equal((await find({ contains: '日本@例' })).length, 1)
  })

  it('finds by a part of the address, case aside, taking no character for a wildcard', async () => {
    const { lists, record, find } = await begin()
    const people = [
      'A_b@example.com',
      'axb@example.com',
      'a%b@example.com',
      '"a\\\\b"@example.com',
      'É@example.com',
    ]
    for (const [i, person] of people.entries())
      await record(stop(id(lists[0]), person, { requestedAt: START - i }))
    assert.deepEqual(await find({ contains: 'a_B' }), ['A_b'])
    assert.deepEqual(await find({ contains: 'a%b' }), ['a%b'])
    assert.deepEqual(await find({ contains: '%' }), ['a%b'])
    assert.deepEqual(await find({ contains: '\\' }), ['"a\\\\b"'])
    assert.deepEqual(await find({ contains: 'e\u0301@' }), ['É'])
    assert.equal((await find({ contains: '@EXAMPLE.' })).length, 5)
    assert.equal((await find({ contains: '' })).length, 5)
    assert.deepEqual(await find({ contains: '_b', addressKey: 'axb@example.com' }), [])
    for (const contains of ['a\0', '\ud800']) {
      await assert.rejects(find({ contains }), { code: 'invalid-value', field: 'contains' })
    }
  })

  it('finds by the period of the latest request, its end left out', async () => {
    const { lists, record, find } = await begin()
    for (const ms of [0, 1, 2, 3])
      await record(stop(id(lists[0]), `${ms}@example.com`, { requestedAt: START + ms }))
    assert.deepEqual(await find({ from: START + 1, to: START + 3 }), ['2', '1'])
    assert.deepEqual(await find({ to: START + 1 }), ['0'])
    assert.deepEqual(await find({ from: START + 3 }), ['3'])
  })

  it('gives every row exactly once over pages of any size, in one order on both engines', async () => {
    const { lists, record } = await begin()
    const people = ['a', 'b', 'ab', '\u{ff5e}', '\u{20bb7}', 'é'].map((name) => `${name}@example.com`)
    // Few moments, so that many rows share one.
    const spots = people.flatMap((person, p) =>
      lists.map((list, l) => ({ person, list, at: START + ((p + l) % 3) })),
    )
    await Promise.all(spots.map(({ person, list, at }) => record(stop(list.id, person, { requestedAt: at }))))
    const expected = spots
      .map(({ person, list, at }) => ({ at, key: Buffer.from(addressKey(person) ?? ''), list: list.id }))
      .sort((a, b) => b.at - a.at || Buffer.compare(b.key, a.key) || b.list - a.list)
      .map(({ at, key, list }) => `${at} ${key} ${list}`)

    const several = [...lists].reverse()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.boolean(), async (limit, many) => {
        // Lists that nobody is on make more than one statement hold.
        const strangers = Array.from({ length: many ? 150 : 0 }, (_, i) => ({ id: 1_000_000 + i }))
        const search = {
          lists: [...several.slice(1), ...strangers, ...several.slice(0, 1)],
          now: START,
          limit,
        }
        const found = await allPages(database(), search)
        assert.deepEqual(
          found.map((row) => `${row.requestedAt} ${addressKey(row.address)} ${row.listId}`),
          expected,
        )
      }),
      { numRuns: runs(10) },
    )
    const ofOne = await allPages(database(), { lists, addressKey: 'a@example.com', now: START, limit: 1 })
    assert.deepEqual(
      ofOne.map((row) => row.listId),
      expected.filter((line) => line.includes(' a@')).map((line) => Number(line.split(' ')[2])),
    )
  })

  it('reads so many rows a page, says how far it looked, and finds everything over several', async () => {
    const { lists, record } = await begin()
    const list = id(lists[0])
    await record(stop(list, 'oldest@example.com', { requestedAt: START - 1 }))
    // Removed from the list: they lie before the one who is on it, and are not found.
    await fill(list, 12_000, { removed: 1 })
    const search = { lists: [{ id: list }], now: START, limit: 10 }
    const early = await searchSuppressions(database(), search)
    assert.deepEqual([early.items, early.next !== null], [[], true])
    const { lookedBackTo } = early
    assert.ok(lookedBackTo !== null && lookedBackTo > START && lookedBackTo < START + 7_000)
    const found = await allPages(database(), search)
    assert.deepEqual(
      found.map(({ address }) => address),
      ['oldest@example.com'],
    )
  })

  it('compares so many addresses a page, over all lists together', async () => {
    const { lists, record } = await begin()
    const [first, second, third] = lists.map((list) => list.id) as [number, number, number]
    await fill(first, 80_000)
    await fill(second, 30_000, { from: 500_000 })
    await record(stop(first, 'needle@example.com', { requestedAt: START - 1 }))
    await record(stop(third, 'needle@example.com', { requestedAt: START - 2 }))
    const search = {
      lists: lists.map((list) => ({ id: list.id })),
      contains: 'NEEDLE',
      now: START,
      limit: 10,
    }
    const early = await searchSuppressions(database(), search)
    assert.deepEqual([early.items, early.next !== null, early.lookedBackTo !== null], [[], true, true])
    const found = await allPages(database(), search)
    assert.deepEqual(
      found.map(({ listId }) => listId),
      [first, third],
    )
  })

  it('finds at once whose exclusion expired or who was resumed behind any number of others', async () => {
    const { lists, record } = await begin({ complaints: 10 })
    const list = lists[1] as List
    await record(stop(list.id, 'expired@example.com', { requestedAt: START - 10 * DAY_MS }))
    await record(stop(list.id, 'resumed@example.com', { requestedAt: START - 1 }))
    await record(lift('resume', list.id, 'resumed@example.com'))
    await fill(list.id, 12_000)
    for (const state of ['expired', 'resumed'] as const) {
      const { items, next } = await searchSuppressions(database(), {
        ...{ lists: [list], state, now: START, limit: 10 },
      })
      assert.deepEqual([items.map(({ address }) => address), next], [[`${state}@example.com`], null])
    }
  })

  it('passes over any number who were resumed at once, in front of those who are still on the list', async () => {
    const { lists, record } = await begin({ complaints: 10 })
    const list = lists[1] as List
    await fill(list.id, 12_000, { active: 0 })
    for (const name of ['one', 'two', 'three']) {
      await record(stop(list.id, `${name}@example.com`, { requestedAt: START - 1 }))
      await record(stop(list.id, `lapsed-${name}@example.com`, { requestedAt: START - 10 * DAY_MS }))
    }
    await record(lift('resume', list.id, 'two@example.com'))
    const search = { lists: [list], state: 'active' as const, now: START }
    const { items, next } = await searchSuppressions(database(), { ...search, limit: 10 })
    const found = items.map(({ address }) => address)
    assert.deepEqual([found, next], [['three@example.com', 'one@example.com'], null])
    const oneByOne = await allPages(database(), { ...search, limit: 1 })
    assert.deepEqual(
      oneByOne.map(({ address }) => address),
      found,
    )
    const part = await searchSuppressions(database(), { ...search, contains: 'E', limit: 1 })
    assert.deepEqual([part.items.length, part.next !== null], [1, true])
  })

  it('says how far it looked when those who were resumed are more than a page passes over', async () => {
    const { lists, record } = await begin()
    const list = id(lists[0])
    await record(stop(list, 'oldest@example.com', { requestedAt: START - 1 }))
    await fill(list, 110_000, { active: 0 })
    const search = { lists: [{ id: list }], state: 'active' as const, now: START, limit: 10 }
    const early = await searchSuppressions(database(), search)
    assert.deepEqual(early.items, [])
    const { lookedBackTo } = early
    assert.ok(lookedBackTo !== null && lookedBackTo > START && lookedBackTo < START + 10_000)
    const found = await allPages(database(), search)
    assert.deepEqual(
      found.map(({ address }) => address),
      ['oldest@example.com'],
    )
  })

  it('refuses a cursor that no page gave', async () => {
    const { find } = await begin()
    await assert.rejects(find({ cursor: 'nonsense' }), { code: 'invalid-value', field: 'cursor' })
  })

  // PostgreSQL's plans depend on statistics; SQLite's are the same on every machine.
  const onSqlite = engine.name === 'sqlite' ? it : () => {}
  onSqlite('seeks: by the key for an address, by the index of the list otherwise', async () => {
    const { lists, find } = await begin()
    const one = lists.slice(0, 1)
    const cursor = Buffer.from('[5,"a@example.com",1]').toString('base64url')
    for (const search of [
      { lists: one },
      { lists: one, cursor },
      { lists },
      { lists, from: 1, to: 9, cursor },
    ]) {
      const plan = await planOf(database(), (spied) =>
        searchSuppressions(spied, { now: START, limit: 10, ...search }),
      )
      assert.match(plan, /SEARCH suppression USING COVERING INDEX suppression_by_list \(list_id=\?/)
      assert.doesNotMatch(plan, /SCAN suppression/)
      if ('cursor' in search) assert.match(plan, /\(requested_at,address_key\)</)
    }
    await fill(id(one[0]), 1_000, { active: 0 })
    const passing = await planOf(database(), (spied) =>
      searchSuppressions(spied, { lists: one, state: 'active', now: START, limit: 10 }),
    )
    assert.match(passing, /MERGE \(EXCEPT\)/)
    assert.match(passing, /SEARCH suppression USING COVERING INDEX suppression_inactive \(list_id=\?/)
    assert.doesNotMatch(passing, /SCAN suppression|TEMP B-TREE/)
    const plan = await planOf(database(), (spied) =>
      searchSuppressions(spied, { lists, addressKey: 'a@example.com', now: START, limit: 10 }),
    )
    assert.match(plan, /SEARCH suppression USING PRIMARY KEY \(address_key=\?/)
    await find({})
  })

  /** So many rows on a list, each requested a millisecond after the one before. */
  async function fill(
    list_id: number,
    count: number,
    {
      removed = 0,
      active = removed === 0 ? 1 : 0,
      from = 0,
    }: { removed?: 0 | 1; active?: 0 | 1; from?: number } = {},
  ) {
    const rows = Array.from({ length: count }, (_, index) => ({ n: from + index }))
    const given = rowSet(database(), 'given', { n: 'integer' }, rows)
    const insert = sql`insert into suppression (address_key, list_id, address, active, since, requested_at, removed, reason, source, revision)
      select 'filler' || n || '@example.com', ${sql.lit(list_id)}, 'filler', ${sql.lit(active)}, 0, ${sql.lit(START + 1)} + n, ${sql.lit(removed)}, 'listed', 'api', 0
      from ${given}`
    await database().transact([{ compile: () => insert.compile(database().query) }])
  }

  async function begin(lifetimeDays: { complaints?: number } = {}) {
    const { query } = database()
    await database().transact([query.deleteFrom('suppression'), query.deleteFrom('event')])
    const { service } = await someService(database(), { lifetimeDays })
    const lists = await findLists(database(), service.id)
    const { record } = createRecorder(database(), () => START)
    const find = async (search: Partial<SuppressionSearch>) => {
      const { items } = await searchSuppressions(database(), { lists, now: START, limit: 100, ...search })
      return items.map(({ address }) => address.replace('@example.com', ''))
    }
    return { lists, record, find }
  }
})

function id(list: List | undefined): number {
  return list?.id ?? 0
}

async function allPages(database: Database, search: SuppressionSearch): Promise<FoundSuppression[]> {
  const found: FoundSuppression[] = []
  let cursor: string | undefined
  do {
    const page = await searchSuppressions(database, { ...search, cursor })
    assert.ok(page.items.length <= search.limit)
    found.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return found
}
