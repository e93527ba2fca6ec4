import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { DAY_MS } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/storage/database.ts'
import { rowSet } from '../../src/storage/row-set.ts'
import { readOpaqueParts } from '../../src/unsubscribe/read-opaque.ts'
import { planOf } from '../storage/plan-of.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

const DAY = Date.parse('2026-05-10T00:00:00+09:00')

let lastList = 1_000

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('gives the parts of one list and period in the order of their coming', async () => {
    const listId = await keep([
      ['/late', DAY + 2],
      ['/before', DAY - 1],
      ['/b', DAY],
      ['/a', DAY],
      ['/after', DAY + DAY_MS],
    ])
    await keep([['/other', DAY]])
    assert.deepEqual(await parts(listId), ['/a', '/b', '/late'])
    assert.deepEqual(await parts(listId, [DAY, '/a']), ['/b', '/late'])
    assert.deepEqual(await parts(listId, [DAY + 2, '/late']), [])
  })

  it('reads in pages of at most 5,000, each of which seeks its first row', async () => {
    const listId = await keep(
      Array.from({ length: 6_000 }, (_, i) => [`/${String(i).padStart(4, '0')}`, DAY + (i % 7)]),
    )
    const sizes: number[] = []
    const read = async (from: Database) => {
      const seen = new Set<string>()
      for await (const page of readOpaqueParts(from, { listId, from: DAY, to: DAY + DAY_MS })) {
        sizes.push(page.length)
        for (const { part } of page) seen.add(part)
      }
      assert.equal(seen.size, 6_000)
    }
    // PostgreSQL's plans depend on statistics.
    if (engine.name === 'sqlite') assert.doesNotMatch(await planOf(database(), read), /SCAN|TEMP B-TREE/)
    else await read(database())
    assert.deepEqual(sizes, [5_000, 1_000])
  })

  async function keep(rows: readonly [part: string, receivedAt: number][]): Promise<number> {
    const listId = ++lastList
    const given = rowSet(
      database(),
      'given',
      { part: 'text', at: 'integer' },
      rows.map(([part, at]) => ({ part, at })),
    )
    const insert = sql`insert into opaque_request (list_id, day, part, received_at, evidence_json)
      select ${sql.lit(listId)}, '2026-05-10', part, at, '{}' from ${given}`
    await database().transact([{ compile: () => insert.compile(database().query) }])
    return listId
  }

  async function parts(listId: number, after?: [number, string]): Promise<string[]> {
    const found: string[] = []
    for await (const page of readOpaqueParts(database(), { listId, from: DAY, to: DAY + DAY_MS, after })) {
      found.push(...page.map(({ part }) => part))
    }
    return found
  }
})
