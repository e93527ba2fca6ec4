import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AuditEntry, findAudit, recordAudit } from '../../src/audit/audit.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { forEachEngine } from '../support/engines.ts'

const entry = (at: number, siteId: number | null): AuditEntry => ({
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
    const all = await findAudit(database, { limit: 10 })
    assert.deepEqual(
      all.map(({ id: _, ...rest }) => rest),
      [entry(3, null), entry(2, 1), entry(1, 2), entry(0, 1)],
    )
    const own = await findAudit(database, { siteId: 1, limit: 1 })
    assert.deepEqual(
      own.map(({ at }) => at),
      [2],
    )
    const older = await findAudit(database, { siteId: 1, before: own[0]?.id, limit: 1 })
    assert.deepEqual(
      older.map(({ at }) => at),
      [0],
    )
  })
})
