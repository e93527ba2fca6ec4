import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createFilter } from '../../src/tenants/filter.ts'
import { findLists, listRef, resolveList } from '../../src/tenants/list.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from './some-service.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('finds every list of a service by its own reference', async () => {
    const { database, service } = await prepared()
    const lists = await findLists(database, service.id)
    assert.deepEqual(lists.map(listRef), [
      'hard-bounces',
      'complaints',
      'blocklist',
      'sender:News@日本語.jp',
      'filter:sender:a b',
    ])
    for (const list of lists) assert.deepEqual(await resolveList(database, service.id, listRef(list)), list)
  })

  it('finds a sender by any spelling of its address', async () => {
    const { database, service } = await prepared()
    for (const ref of [
      'sender:news@日本語.jp',
      'sender:NEWS@xn--wgv71a119e.jp',
      'sender:<"news"@日本語.jp.>',
    ]) {
      assert.equal((await resolveList(database, service.id, ref)).label, 'News@日本語.jp')
    }
  })

  it('tells a reference that is none from a list that is not there', async () => {
    const { database, service } = await prepared()
    for (const ref of [
      '',
      'bounces',
      'sender',
      'sender:',
      'sender:news',
      'filter:',
      'Filter:a',
      'hard-bounces ',
    ]) {
      await assert.rejects(
        resolveList(database, service.id, ref),
        { code: 'invalid-value', field: 'list' },
        JSON.stringify(ref),
      )
    }
    for (const ref of ['sender:other@example.com', 'filter:a', 'filter:SENDER:a b']) {
      await assert.rejects(resolveList(database, service.id, ref), { code: 'unknown-list', field: 'list' })
    }
    await assert.rejects(resolveList(database, service.id + 99, 'hard-bounces'), { code: 'unknown-list' })
  })

  async function prepared() {
    const database = shared()
    const { service, listIds } = await someService(database)
    await registerSender(database, listIds, service, { address: 'News@日本語.jp', now: 0 })
    const filter = { name: 'sender:a b', header: 'List-Id', pattern: 'x', match: 'exact', now: 0 } as const
    await createFilter(database, listIds, service, filter)
    return { database, service }
  }
})
