import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { createOpaqueStore } from '../../src/unsubscribe/opaque-request.ts'
import { purgeOpaqueParts } from '../../src/unsubscribe/purge-opaque.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from '../tenants/some-service.ts'

const NOW = Date.UTC(2030, 0, 1)
const evidence = { method: 'POST', clientAddress: '192.0.2.1', userAgent: null, keyId: null }

forEachEngine((engine) => {
  it('removes opaque parts when their service keeps them no longer, in small commits', async (t) => {
    const database = await engine.open(t)
    const opaque = createOpaqueStore(database)
    const listOf = async (opaqueDays: number | null) => {
      const { service } = await someService(database, { settings: { opaqueDays } })
      return resolveList(database, service.id, 'blocklist')
    }
    const [brief, forEver] = [await listOf(10), await listOf(null)]
    for (const list of [brief, forEver]) {
      for (const days of [9, 10, 11, 12, 13]) {
        const part = `/${days}"\u00ff`
        await opaque.keep({ list, part, receivedAt: NOW - days * DAY_MS, evidence })
      }
    }
    assert.equal(await purgeOpaqueParts(database, NOW, { batch: 2, signal: AbortSignal.abort() }), 0)
    assert.equal(await purgeOpaqueParts(database, NOW, { batch: 2 }), 4)
    const left = await database.read(database.query.selectFrom('opaque_request').select(['list_id', 'part']))
    assert.deepEqual(
      left.filter(({ list_id }) => list_id === brief.id).map(({ part }) => part),
      ['/9"\u00ff'],
    )
    assert.equal(left.length, 6)
    assert.equal(await purgeOpaqueParts(database, NOW), 0)
  })
})
