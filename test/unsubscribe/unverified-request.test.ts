import assert from 'node:assert/strict'
import { it } from 'node:test'
import { NOBODY_ERASED } from '../../src/suppression/erased/erased.ts'
import { createUnverifiedStore, TooManyUnverified } from '../../src/unsubscribe/unverified-request.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from '../tenants/some-service.ts'

forEachEngine((engine) => {
  it('keeps a request once, and tells what waits for which key, the oldest first', async (t) => {
    const store = createUnverifiedStore(await engine.open(t))
    for (const receivedAt of [30, 10, 20]) {
      await store.keep(request(`old ${receivedAt}`, { receivedAt }))
      await store.keep(request(`old ${receivedAt}`, { receivedAt: 99 }))
    }
    await store.keep(request('new', { keyId: 'bbbbbb', receivedAt: 40 }))
    assert.deepEqual(await store.waiting(), [
      { keyId: 'aaaaaa', count: 3, since: 10 },
      { keyId: 'bbbbbb', count: 1, since: 40 },
    ])
    const [first, second, ...others] = await store.oldest(['aaaaaa'], 2)
    assert.deepEqual([first?.receivedAt, second?.receivedAt, others.length], [10, 20, 0])
    const { id, ...kept } = first ?? { id: '' }
    assert.deepEqual(kept, request('old 10', { receivedAt: 10 }))
    await store.remove([id])
    assert.deepEqual((await store.waiting())[0], { keyId: 'aaaaaa', count: 2, since: 20 })
  })

  it('refuses what is beyond its bound, whoever filled it, until there is room again', async (t) => {
    const database = await engine.open(t)
    const [store, elsewhere] = [
      createUnverifiedStore(database, NOBODY_ERASED, 3),
      createUnverifiedStore(database, NOBODY_ERASED, 3),
    ]
    await elsewhere.keep(request('1'))
    await store.keep(request('2'))
    await store.keep(request('2'))
    await store.keep(request('3'))
    await assert.rejects(store.keep(request('4')), TooManyUnverified)
    assert.equal((await store.waiting())[0]?.count, 3)

    const [oldest] = await store.oldest(['aaaaaa'], 1)
    await store.remove([oldest?.id ?? ''])
    await store.keep(request('4'))
    await assert.rejects(store.keep(request('5')), TooManyUnverified)
  })

  it('shows what waits, newest first, and gives up what waits for a key', async (t) => {
    const database = await engine.open(t)
    const { service } = await someService(database)
    const classId = 'abcdefghij234567'
    await database.transact([
      database.query
        .updateTable('list')
        .set({ class_id: classId })
        .where('service_id', '=', service.id)
        .where('kind', '=', 'blocklist'),
    ])
    const store = createUnverifiedStore(database)
    for (const receivedAt of [1, 2, 3]) await store.keep(request(`old ${receivedAt}`, { receivedAt }))
    await store.keep(request('new', { keyId: 'bbbbbb', receivedAt: 2 }))
    const all = await store.find({}, { limit: 10 })
    assert.deepEqual(
      all.map(({ receivedAt }) => receivedAt),
      [3, 2, 2, 1],
    )
    assert.equal(all[0]?.serviceId, service.id)
    assert.ok(!JSON.stringify(all).includes('old 3'), 'a token is a secret')
    const second = all[1]
    const behind = await store.find({}, { after: [2, second?.id ?? ''], limit: 10 })
    assert.deepEqual(behind, all.slice(2))
    const ofKey = await store.find({ keyId: 'bbbbbb' }, { limit: 10 })
    assert.deepEqual(
      ofKey.map(({ keyId }) => keyId),
      ['bbbbbb'],
    )
    assert.equal(await store.discard('aaaaaa'), 3)
    assert.equal(await store.discard('aaaaaa'), 0)
    assert.deepEqual(await store.waiting(), [{ keyId: 'bbbbbb', count: 1, since: 2 }])
  })
})

function request(token: string, given: { keyId?: string; receivedAt?: number } = {}) {
  return {
    target: { classId: 'abcdefghij234567', token },
    keyId: 'aaaaaa',
    receivedAt: 1,
    evidence: { method: 'POST', clientAddress: '192.0.2.1', userAgent: null },
    ...given,
  }
}
