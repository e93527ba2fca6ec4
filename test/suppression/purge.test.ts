import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/storage/database.ts'
import { createRecorder } from '../../src/suppression/changing/recorder.ts'
import { purgeEvents, purgeLapsed } from '../../src/suppression/purge.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { updateService } from '../../src/tenants/service.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from '../tenants/some-service.ts'
import { lift, stop } from './changes.ts'

const START = Date.UTC(2026, 0, 1)

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('removes rows 30 days after they lapsed, in any size of batch, and keeps their events', async () => {
    for (const batch of [1, 2, 3, 1_000]) {
      const world = await begin({ complaints: 10 })
      for (let i = 0; i < 5; i++)
        await world.record(stop(world.listId, `${i}@example.com`, { requestedAt: START + i }))
      assert.equal(await purgeLapsed(database(), START + 40 * DAY_MS - 1, { batch }), 0)
      assert.equal(await purgeLapsed(database(), START + 40 * DAY_MS + 2, { batch }), 3)
      assert.deepEqual(await world.people(), ['3@example.com', '4@example.com'])
      assert.equal(await purgeLapsed(database(), START + 50 * DAY_MS, { batch }), 2)
      assert.equal((await world.events()).length, 5)
    }
  })

  it('removes as many at the same millisecond as there are, past rows that stay', async () => {
    const world = await begin({ complaints: 10 })
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        world.record(stop(world.listId, `${i}@example.com`, { requestedAt: START })),
      ),
    )
    for (const i of [0, 1, 2, 5]) await world.record(lift('resume', world.listId, `${i}@example.com`))
    assert.equal(await purgeLapsed(database(), START + 400 * DAY_MS, { batch: 2 }), 6)
    assert.deepEqual(
      await world.people(),
      [0, 1, 2, 5].map((i) => `${i}@example.com`),
    )
  })

  it('keeps who was resumed or removed', async () => {
    const world = await begin({ complaints: 10 })
    for (const kind of ['resume', 'remove'] as const) {
      await world.record(stop(world.listId, `${kind}@example.com`, { requestedAt: START }))
      await world.record(lift(kind, world.listId, `${kind}@example.com`, { requestedAt: START }))
    }
    assert.equal(await purgeLapsed(database(), START + 1_000 * DAY_MS), 0)
    assert.equal((await world.people()).length, 2)
  })

  it('keeps what is in force for ever, and goes by the lifetime of the moment', async () => {
    const world = await begin({ complaints: null })
    await world.record(stop(world.listId, 'a@example.com', { requestedAt: START }))
    const now = START + 1_000 * DAY_MS
    assert.equal(await purgeLapsed(database(), now), 0)
    await updateService(database(), world.serviceId, { lifetimeDays: { complaints: 980 } })
    assert.equal(await purgeLapsed(database(), now), 0)
    await updateService(database(), world.serviceId, { lifetimeDays: { complaints: 970 } })
    assert.equal(await purgeLapsed(database(), now), 1)
  })

  it("goes by a row's own end where it has one", async () => {
    const world = await begin({ complaints: 10 })
    for (const [person, expiresAt] of [
      ['later', START + 100 * DAY_MS],
      ['sooner', START + DAY_MS],
    ] as const) {
      await world.record(stop(world.listId, `${person}@example.com`, { requestedAt: START }))
      const end = database().query.updateTable('suppression').set({ expires_at: expiresAt })
      await database().transact([end.where('address_key', '=', `${person}@example.com`)])
    }
    assert.equal(await purgeLapsed(database(), START + 31 * DAY_MS), 1)
    assert.deepEqual(await world.people(), ['later@example.com'])
    assert.equal(await purgeLapsed(database(), START + 130 * DAY_MS - 1), 0)
    assert.equal(await purgeLapsed(database(), START + 130 * DAY_MS), 1)
  })

  it('keeps for 30 days what had lapsed when it was recorded', async () => {
    const world = await begin({ complaints: 10 })
    await world.record(stop(world.listId, 'a@example.com', { requestedAt: START - 500 * DAY_MS }))
    assert.equal(await purgeLapsed(database(), START + 30 * DAY_MS - 1), 0)
    assert.equal(await purgeLapsed(database(), START + 30 * DAY_MS), 1)
  })

  it('spares a row that is renewed, and a list whose lifetime grows, between finding and removing', async () => {
    const world = await begin({ complaints: 10 })
    for (const person of ['lapsed', 'renewed']) {
      await world.record(stop(world.listId, `${person}@example.com`, { requestedAt: START }))
    }
    world.now = START + 40 * DAY_MS
    const renewal = stop(world.listId, 'renewed@example.com', { requestedAt: world.now })
    assert.equal(
      await purgeLapsed(
        interrupted(() => world.record(renewal)),
        world.now,
      ),
      1,
    )
    assert.deepEqual(await world.people(), ['renewed@example.com'])

    const longer = () => updateService(database(), world.serviceId, { lifetimeDays: { complaints: 1_000 } })
    assert.equal(await purgeLapsed(interrupted(longer), world.now + 400 * DAY_MS), 0)
    assert.deepEqual(await world.people(), ['renewed@example.com'])
  })

  it('removes events only of services that say after how many days', async () => {
    const world = await begin({})
    await world.record(stop(world.listId, 'a@example.com', { requestedAt: START, messageId: 'm1@mail' }))
    world.now = START + 10 * DAY_MS
    await world.record(
      stop(world.listId, 'a@example.com', { requestedAt: START + 10 * DAY_MS, messageId: 'm2@mail' }),
    )
    await world.record(stop(world.listId, 'b@example.com', { requestedAt: START - 50 * DAY_MS }))

    const now = START + 16 * DAY_MS
    const keep = (evidenceDays: number) =>
      updateService(database(), world.serviceId, { settings: { evidenceDays } })
    assert.equal(await purgeEvents(database(), now), 0)
    await keep(16)
    assert.equal(await purgeEvents(database(), now), 0)
    await keep(15)
    assert.equal(await purgeEvents(database(), now, { batch: 1 }), 1)
    // A request of long ago that was recorded lately is lately recorded evidence.
    assert.deepEqual(
      (await world.events()).map((event) => event.message_id),
      ['m2@mail', null],
    )
    await keep(5)
    assert.equal(await purgeEvents(database(), now, { batch: 1 }), 2)
    assert.equal((await world.people()).length, 2)
  })

  it('ends between two commits when it is told to', async () => {
    const world = await begin({ complaints: 10 })
    for (let i = 0; i < 3; i++)
      await world.record(stop(world.listId, `${i}@example.com`, { requestedAt: START }))
    await updateService(database(), world.serviceId, { settings: { evidenceDays: 1 } })
    for (const purge of [purgeLapsed, purgeEvents]) {
      const ending = new AbortController()
      const ended = interrupted(async () => ending.abort())
      assert.equal(await purge(ended, START + 400 * DAY_MS, { batch: 1, signal: ending.signal }), 1)
    }
    assert.deepEqual([(await world.people()).length, (await world.events()).length], [2, 2])
  })

  /** Lets something happen between the first reading of rows and their removal. */
  function interrupted(work: () => Promise<unknown>): Database {
    let done = false
    return {
      ...database(),
      transact: async (statements) => {
        if (!done) await work()
        done = true
        return database().transact(statements)
      },
    }
  }

  async function begin(lifetimeDays: { complaints?: number | null }) {
    const { query } = database()
    await database().transact([query.deleteFrom('suppression'), query.deleteFrom('event')])
    const { service } = await someService(database(), { lifetimeDays })
    const list = await resolveList(database(), service.id, 'complaints')
    const world = { now: START, serviceId: service.id, listId: list.id }
    const recorder = createRecorder(database(), () => world.now)
    return Object.assign(world, {
      record: recorder.record,
      people: async () => {
        const rows = query.selectFrom('suppression').select('address_key').orderBy('address_key')
        return (await database().read(rows)).map((row) => row.address_key)
      },
      events: () =>
        database().read(query.selectFrom('event').selectAll().orderBy('address_key').orderBy('recorded_at')),
    })
  }
})
