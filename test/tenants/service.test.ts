import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { createFilter } from '../../src/tenants/filter.ts'
import { findLists } from '../../src/tenants/list.ts'
import { replacedValues } from '../../src/tenants/replaced-values.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { createService, findService, findServices, updateService } from '../../src/tenants/service.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from './some-service.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('creates a service with its three own lists, in force for ever', async () => {
    const database = shared()
    const { service } = await someService(database)
    assert.deepEqual(
      (await findLists(database, service.id)).map(({ kind, label, classId, lifetimeMs }) => ({
        kind,
        label,
        classId,
        lifetimeMs,
      })),
      ['hard-bounces', 'complaints', 'blocklist'].map((kind) => ({
        kind,
        label: kind,
        classId: null,
        lifetimeMs: null,
      })),
    )
    assert.equal(service.timeZone, 'Asia/Tokyo')
    assert.equal(service.lifetimeDays.sender, 90)
    assert.deepEqual(await findService(database, service.id), service)
    assert.deepEqual(await findServices(database, service.siteId), [service])
  })

  it('gives a service the number that is asked for, or the next free one', async (t) => {
    const database = await engine.open(t)
    const listIds = idSource(database, 'list')
    const create = (name: string, id?: number) =>
      createService(database, listIds, { id, siteId: 1, name, now: 0 })
    assert.equal((await create('first')).id, 1)
    assert.equal((await create('asked', 10)).id, 10)
    assert.equal((await create('next')).id, 11)
    assert.equal((await findLists(database, 11)).length, 3)
  })

  it('refuses a name that a service of any site has, and leaves no lists behind', async (t) => {
    const database = await engine.open(t)
    const { service, listIds } = await someService(database)
    const again = { siteId: service.siteId + 1, name: service.name, now: 0 }
    await assert.rejects(createService(database, listIds, again), { code: 'name-taken', field: 'name' })
    const sameId = { id: service.id, siteId: service.siteId, name: 'other', now: 0 }
    await assert.rejects(createService(database, listIds, sameId), { code: 'name-taken' })
    assert.equal((await findLists(database, service.id)).length, 3)
    assert.equal((await database.read(database.query.selectFrom('list').select('id'))).length, 3)
  })

  it('knows no service that nobody created', async () => {
    const database = shared()
    await assert.rejects(findService(database, 99), { code: 'unknown-service', field: 'service' })
    await assert.rejects(updateService(database, 99, {}), { code: 'unknown-service' })
  })

  it('changes what is given and nothing else', async () => {
    const database = shared()
    const { service } = await someService(database, { allowedDomains: ['example.com'] })
    const { before, after: changed } = await updateService(database, service.id, {
      timeZone: 'Europe/Vienna',
      settings: { otherListsOnPage: true, domainRates: { 'example.jp': 0.5, '*': 20 } },
      lifetimeDays: { complaints: 30 },
    })
    assert.deepEqual(changed, {
      ...service,
      timeZone: 'Europe/Vienna',
      settings: {
        ...service.settings,
        otherListsOnPage: true,
        domainRates: { 'example.jp': 0.5, '*': 20 },
      },
      lifetimeDays: { ...service.lifetimeDays, complaints: 30 },
    })
    assert.deepEqual(await findService(database, service.id), changed)
    assert.deepEqual(before, service)
    assert.deepEqual(replacedValues(before, changed), {
      timeZone: 'Asia/Tokyo',
      settings: { otherListsOnPage: false, domainRates: {} },
      lifetimeDays: { complaints: null },
    })

    const { after: other } = await updateService(database, service.id, {
      settings: { domainRates: { 'a.example': 1 } },
    })
    assert.deepEqual(other.settings, { ...changed.settings, domainRates: { 'a.example': 1 } })
  })

  it('applies a changed lifetime to the lists of that kind in that service alone', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const other = await someService(database)
    for (const target of [service, other.service]) {
      await registerSender(database, listIds, target, { address: 'news@example.com', now: 0 })
      const filter = { name: 'f', header: 'List-Id', pattern: 'x', match: 'exact', now: 0 } as const
      await createFilter(database, listIds, target, filter)
    }
    const before = await lifetimes(other.service.id)
    await updateService(database, service.id, { lifetimeDays: { sender: null, filter: 1, hardBounces: 7 } })
    assert.deepEqual(await lifetimes(service.id), {
      'hard-bounces': 7 * DAY_MS,
      complaints: null,
      blocklist: null,
      sender: null,
      filter: DAY_MS,
    })
    assert.deepEqual(await lifetimes(other.service.id), before)
    assert.equal(before['sender'], 90 * DAY_MS)

    async function lifetimes(serviceId: number) {
      const lists = await findLists(database, serviceId)
      return Object.fromEntries(lists.map(({ kind, lifetimeMs }) => [kind, lifetimeMs]))
    }
  })

  it('gives lists that are made later the lifetime of that time, even by one who read the service before', async () => {
    const database = shared()
    const { service: before, listIds } = await someService(database)
    await updateService(database, before.id, { lifetimeDays: { sender: 10, filter: 20 } })
    await registerSender(database, listIds, before, { address: 'news@example.com', now: 0 })
    const filter = { name: 'f', header: 'List-Id', pattern: 'x', match: 'exact', now: 0 } as const
    await createFilter(database, listIds, before, filter)
    const lists = await findLists(database, before.id)
    assert.equal(lists.find(({ kind }) => kind === 'sender')?.lifetimeMs, 10 * DAY_MS)
    assert.equal(lists.find(({ kind }) => kind === 'filter')?.lifetimeMs, 20 * DAY_MS)
  })

  it('keeps both of two changes that are made at once', async () => {
    const database = shared()
    const { service } = await someService(database)
    await Promise.all([
      updateService(database, service.id, { timeZone: 'UTC' }),
      updateService(database, service.id, { lifetimeDays: { sender: 30 } }),
      updateService(database, service.id, { lifetimeDays: { filter: 60 } }),
    ])
    const { timeZone, lifetimeDays } = await findService(database, service.id)
    assert.deepEqual([timeZone, lifetimeDays.sender, lifetimeDays.filter], ['UTC', 30, 60])
  })
})
