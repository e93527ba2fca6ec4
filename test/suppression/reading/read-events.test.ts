import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import type { Database } from '../../../src/storage/database.ts'
import { rowSet } from '../../../src/storage/row-set.ts'
import { type EventFilter, readEvents } from '../../../src/suppression/reading/read-events.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { someService } from '../../tenants/some-service.ts'

const MANY = 11_000
const AT = Date.UTC(2026, 0, 1)

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('gives each event once, though many have one moment and one address, and more come meanwhile', async () => {
    const world = await begin(database())
    const read: string[] = []
    for await (const page of readEvents(database(), [world.list], {})) {
      read.push(...page.map(({ address, recordedAt }) => `${address} ${recordedAt}`))
      await world.add(AT - 1, 10)
    }
    assert.equal(read.length, MANY)
    assert.equal(new Set(read).size, MANY)
  })

  it('reads a period along its index', async () => {
    const world = await begin(database())
    await world.add(AT + 5, 3)
    const count = async (filter: EventFilter, from = database()) => {
      let events = 0
      for await (const page of readEvents(from, [world.list], filter)) events += page.length
      return events
    }
    assert.equal(await count({ from: AT + 1 }), 3)
    assert.equal(await count({ from: AT, to: AT + 5 }), MANY)
    assert.equal(await count({ contains: 'A@' }), MANY + 3)
    assert.equal(await count({ kind: 'resume' }), 0)
    if (database().engine === 'postgres') return
    const plan = await planOf(database(), (spied) => count({ from: AT + 1, to: AT + 9 }, spied))
    assert.match(plan, /event USING (COVERING )?INDEX event_by_list \(list_id=\? AND requested_at>\?/)
    assert.doesNotMatch(plan, /SCAN event|TEMP B-TREE/)
  })
})

/** A list with many events of one address at one moment. */
async function begin(database: Database) {
  const { service } = await someService(database)
  const list = await resolveList(database, service.id, 'blocklist')
  let recorded = 0
  const add = async (requestedAt: number, many: number) => {
    const rows = Array.from({ length: many }, () => ({ recorded_at: ++recorded }))
    const given = rowSet(database, 'given', { recorded_at: 'integer' }, rows)
    const { query } = database
    await database.transact([
      query
        .insertInto('event')
        .columns([
          ...(['address_key', 'list_id', 'recorded_at', 'kind', 'address', 'requested_at'] as const),
          ...(['reason', 'source', 'older_mail'] as const),
        ])
        .expression(
          query
            .selectFrom(given)
            .select([
              ...([sql.lit('a@b.jp').as('address_key'), sql.lit(list.id).as('list_id')] as const),
              ...(['recorded_at', sql.lit('stop').as('kind'), sql.lit('a@b.jp').as('address')] as const),
              ...([sql.lit(requestedAt).as('requested_at'), sql.lit('listed').as('reason')] as const),
              ...([sql.lit('api').as('source'), sql.lit(0).as('older_mail')] as const),
            ]) as never,
        ),
    ])
  }
  await add(AT, MANY)
  return { list, add }
}
