import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type NewAuditEntry, recordAudit } from '../../src/audit/audit.ts'
import { readAudit, searchAudit } from '../../src/audit/find-audit.ts'
import { purgeAudit } from '../../src/audit/purge-audit.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { rowSet } from '../../src/storage/row-set.ts'
import { forEachEngine } from '../support/engines.ts'

const entry = (at: number, siteId: number | null): NewAuditEntry => ({
  ...{
    at,
    siteId,
    actor: 'api:a',
    action: 'filter.update',
    subject: '配信リストA',
    detail: { position: at },
  },
})

forEachEngine((engine) => {
  test('the record is read newest first, page by page, of one site or of all', async (t) => {
    const database = await engine.open(t)
    const ids = idSource(database, 'audit')
    for (const [at, siteId] of [1, 2, 1, null].entries()) await recordAudit(database, ids, entry(at, siteId))
    const { items: all } = await searchAudit(database, { limit: 10 })
    assert.deepEqual(
      all.map(({ id: _, ...rest }) => rest),
      [entry(3, null), entry(2, 1), entry(1, 2), entry(0, 1)],
    )
    const { items: own, next } = await searchAudit(database, { siteId: 1, limit: 1 })
    assert.deepEqual(
      own.map(({ at }) => at),
      [2],
    )
    const { items: older } = await searchAudit(database, { siteId: 1, cursor: next ?? '', limit: 1 })
    assert.deepEqual(
      older.map(({ at }) => at),
      [0],
    )
  })

  test('the record is searched by who, what, to what and when, and read whole', async (t) => {
    const database = await engine.open(t)
    const ids = idSource(database, 'audit')
    const entries: NewAuditEntry[] = [
      { ...entry(1, 1), actor: 'person:Ada@example.com' },
      { ...entry(2, 1), action: 'filter.create' },
      // Of another thing whose name begins alike.
      { ...entry(3, 1), action: 'filters.update' as 'filter.update', subject: '100%_done' },
      { ...entry(4, 1), action: 'sender.register', subject: 'News@example.com' },
    ]
    for (const one of entries) await recordAudit(database, ids, one)
    const times = async (filter: Parameters<typeof searchAudit>[1]) =>
      (await searchAudit(database, filter)).items.map(({ at }) => at)
    const limit = 10
    assert.deepEqual(await times({ actor: 'ada@', limit }), [1])
    assert.deepEqual(await times({ action: 'filter', limit }), [2, 1])
    assert.deepEqual(await times({ action: 'filter.create', limit }), [2])
    assert.deepEqual(await times({ subject: 'news@', limit }), [4])
    assert.deepEqual(await times({ subject: '%_d', limit }), [3])
    assert.deepEqual(await times({ subject: '_00', limit }), [])
    assert.deepEqual(await times({ siteId: 1, from: 2, to: 4, limit }), [3, 2])
    assert.deepEqual(await times({ siteId: 2, limit }), [])
    const read: number[] = []
    for await (const page of readAudit(database, { siteId: 1 })) read.push(...page.map(({ at }) => at))
    assert.deepEqual(read, [4, 3, 2, 1])
  })

  test('a page looks at so many entries, and the next one goes on where it ended', async (t) => {
    const database = await engine.open(t)
    const rows = Array.from({ length: 20_100 }, (_, index) => ({ id: index + 1, at: index + 1 }))
    const given = rowSet(database, 'given', { id: 'integer', at: 'integer' }, rows)
    const insert = sql`insert into audit_entry (id, at, actor, action, site_id, subject, detail_json)
      select id, at, case when id = 1 then 'person:ada@example.com' else 'operator' end, 'filter.update', 1, 'a', '{}' from ${given}`
    await database.transact([{ compile: () => insert.compile(database.query) }])
    const first = await searchAudit(database, { siteId: 1, actor: 'ada', limit: 10 })
    assert.deepEqual([first.items, first.next !== null], [[], true])
    const second = await searchAudit(database, {
      siteId: 1,
      actor: 'ada',
      limit: 10,
      cursor: first.next ?? '',
    })
    assert.deepEqual([second.items.map(({ at }) => at), second.next], [[1], null])
    const found: number[] = []
    for await (const page of readAudit(database, { actor: 'ada' })) found.push(...page.map(({ at }) => at))
    assert.deepEqual(found, [1])
  })

  test('entries that are too old go, the oldest first and few at a time', async (t) => {
    const database = await engine.open(t)
    const ids = idSource(database, 'audit')
    for (const at of [5, 1, 3, 2, 4]) await recordAudit(database, ids, entry(at, null))
    assert.equal(await purgeAudit(database, 4, { signal: AbortSignal.abort() }), 0)
    assert.equal(await purgeAudit(database, 4, { batch: 2 }), 3)
    const { items: left } = await searchAudit(database, { limit: 10 })
    assert.deepEqual(
      left.map(({ at }) => at),
      [5, 4],
    )
    assert.equal(await purgeAudit(database, 4), 0)
  })
})
