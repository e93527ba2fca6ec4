import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { Database } from '../../../src/storage/database.ts'
import { rowSet } from '../../../src/storage/row-set.ts'
import { type ListFilter, readLists } from '../../../src/suppression/reading/read-list.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { someService } from '../../tenants/some-service.ts'

const START = Date.UTC(2026, 0, 1)
const MANY = 23_456

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('gives a row that was there throughout exactly once, whatever happens to it meanwhile', async () => {
    const world = await begin(database(), MANY)
    const read: string[] = []
    let pages = 0
    for await (const page of readLists(database(), [world.list], {}, () => START)) {
      read.push(...page.map(({ address }) => address))
      // Everything is renewed, or put back, between every fifth page and the next.
      if (++pages % 5 > 0) continue
      await world.update({ requested_at: START + 1_000 * pages * (pages % 2 === 0 ? -1 : 1) })
    }
    assert.equal(pages, 24)
    assert.equal(read.length, MANY)
    assert.equal(new Set(read).size, MANY)
  })

  it('gives what came and went meanwhile at most once', async () => {
    const world = await begin(database(), 12_000)
    const read: string[] = []
    for await (const page of readLists(database(), [world.list], {}, () => START)) {
      read.push(...page.map(({ address }) => address))
      await world.add('a0000000@example.com', 'z0000000@example.com')
      await world.drop('u0011999@example.com')
    }
    assert.equal(new Set(read).size, read.length)
    assert.ok(read.includes('z0000000@example.com'))
    assert.ok(!read.includes('a0000000@example.com'))
    assert.ok(!read.includes('u0011999@example.com'))
  })

  it('finds the few that are wanted among the many, in statements of which none looks at all', async () => {
    const world = await begin(database(), 45_000)
    await world.resume('u0000000@example.com', 'u0021111@example.com', 'u0044999@example.com')
    let reads = 0
    const counting = {
      ...database(),
      read: ((statement) => {
        reads += 1
        return database().read(statement)
      }) as Database['read'],
      readCells: ((select, columns) => {
        reads += 1
        return database().readCells(select, columns)
      }) as Database['readCells'],
    }
    const found = async (filter: ListFilter) => {
      const addresses: string[] = []
      for await (const page of readLists(counting, [world.list], filter, () => START)) {
        addresses.push(...page.map(({ address }) => address))
      }
      return addresses
    }
    const three = ['u0000000@example.com', 'u0021111@example.com', 'u0044999@example.com']
    assert.deepEqual(await found({ state: 'resumed' }), three)
    assert.equal(reads, 6)
    assert.deepEqual(
      await found({ contains: '1111@' }),
      [1, 2, 3, 4]
        .map((n) => `u00${n}1111@example.com`)
        .concat('u0001111@example.com')
        .sort(),
    )
    // A period that is over is read along its requests.
    const past = { from: START - 20_000 - 10, to: START - 20_000 }
    assert.equal((await found(past)).length, 10)
    assert.deepEqual(await found({ ...past, state: 'resumed' }), [])
  })

  it('reads no page before it is wanted but the one that comes next: a slow reader holds nothing', async () => {
    const world = await begin(database(), MANY)
    let [reads, open] = [0, 0]
    const watch = <T>(reading: Promise<T>) => {
      reads += 1
      open += 1
      return reading.finally(() => {
        open -= 1
      })
    }
    const watched: Database = {
      ...database(),
      read: (statement) => watch(database().read(statement)),
      readCells: (select, columns) => watch(database().readCells(select, columns)),
    }
    const pages = readLists(watched, [world.list], {}, () => START)
    await pages.next()
    while (open > 0) await new Promise(setImmediate)
    // The end of the stretch, the first page, the second one.
    assert.equal(reads, 3)
    if (database().engine === 'postgres') {
      const held = sql<{ pid: number }>`select pid from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and (backend_xmin is not null or state like 'idle in transaction%')`
      const found = await database().read({ compile: () => held.compile(database().query) })
      assert.deepEqual(found, [])
    }
    await pages.return(undefined)
    assert.equal(reads, 3)
  })

  if (engine.name === 'sqlite') {
    it('reads along indexes', async () => {
      const world = await begin(database(), 1)
      const plan = (filter: ListFilter) =>
        planOf(database(), async (spied) => {
          for await (const _ of readLists(spied, [world.list], filter, () => START)) break
        })
      const whole = await plan({ state: 'active', from: START - DAY_MS, reason: 'listed' })
      assert.match(whole, /suppression USING INDEX suppression_by_address \(list_id=\?\)/)
      const past = await plan({ from: START - DAY_MS, to: START - 1 })
      assert.match(
        past,
        /suppression USING INDEX suppression_by_list \(list_id=\? AND requested_at>\? AND requested_at<\?\)/,
      )
      const resumed = await plan({ state: 'resumed' })
      assert.match(resumed, /suppression USING INDEX suppression_by_address \(list_id=\?/)
      assert.doesNotMatch(whole + past + resumed, /SCAN suppression|TEMP B-TREE/)
    })
  }
})

/** A list with so many addresses, each asked for a millisecond before the one before it. */
async function begin(database: Database, many: number) {
  const { service } = await someService(database)
  const list = await resolveList(database, service.id, 'blocklist')
  const { query } = database
  const add = async (...addresses: string[]) => {
    const rows = addresses.map((address, index) => ({ address, requested_at: START - index - 1 }))
    const given = rowSet(database, 'given', { address: 'text', requested_at: 'integer' }, rows)
    await database.transact([
      query
        .insertInto('suppression')
        .columns([
          ...(['address_key', 'list_id', 'address', 'active', 'since', 'requested_at', 'removed'] as const),
          ...(['reason', 'source', 'revision'] as const),
        ])
        .expression(
          query
            .selectFrom(given)
            .select([
              ...(['address as address_key', sql.lit(list.id).as('list_id'), 'address'] as const),
              ...([sql.lit(1).as('active'), 'requested_at as since', 'requested_at'] as const),
              ...([sql.lit(0).as('removed'), sql.lit('listed').as('reason')] as const),
              ...([sql.lit('api').as('source'), sql.lit(0).as('revision')] as const),
            ])
            .where(sql<boolean>`1 = 1`) as never,
        )
        .onConflict((conflict) => conflict.columns(['address_key', 'list_id']).doNothing()),
    ])
  }
  await add(...Array.from({ length: many }, (_, n) => `u${String(n).padStart(7, '0')}@example.com`))
  const update = (change: { requested_at?: number; active?: 0 }, addresses?: string[]) => {
    const rows = query.updateTable('suppression').set(change).where('list_id', '=', list.id)
    return database.transact([addresses ? rows.where('address_key', 'in', addresses) : rows])
  }
  return {
    list,
    add,
    update,
    resume: (...addresses: string[]) => update({ active: 0 }, addresses),
    drop: (address: string) =>
      database.transact([
        query.deleteFrom('suppression').where('list_id', '=', list.id).where('address_key', '=', address),
      ]),
  }
}
