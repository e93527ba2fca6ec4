import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/storage/database.ts'
import { NOBODY_ERASED } from '../../src/suppression/erased/erased.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { createOpaqueStore } from '../../src/unsubscribe/opaque-request.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from '../tenants/some-service.ts'

const NOON = Date.UTC(2030, 0, 1, 3)
const evidence = { method: 'POST', clientAddress: '192.0.2.1', userAgent: null, keyId: null }

forEachEngine((engine) => {
  it('counts what a list keeps of a day once, however many lists take turns', async (t) => {
    const database = await engine.open(t)
    const { service } = await someService(database)
    const lists = [
      await resolveList(database, service.id, 'blocklist'),
      await resolveList(database, service.id, 'complaints'),
    ]
    let counted = 0
    const watched: Database = {
      ...database,
      read: (statement) => {
        if (statement.compile().sql.includes('count(*)')) counted++
        return database.read(statement)
      },
    }
    const opaque = createOpaqueStore(watched, NOBODY_ERASED, 3)
    const keepOnAll = async (part: string, receivedAt = NOON) => {
      for (const list of lists) await opaque.keep({ list, part, receivedAt, evidence })
    }
    for (const part of ['/a', '/b', '/b', '/c']) await keepOnAll(part)
    assert.equal(counted, 2)
    await assert.rejects(keepOnAll('/d'), { name: 'OpaqueQuotaReached' })
    await keepOnAll('/d', NOON + DAY_MS)
    assert.equal(counted, 4)
  })
})
