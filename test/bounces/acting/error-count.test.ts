import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readErrorCounts, setErrorCounts } from '../../../src/bounces/acting/error-count.ts'
import { softBounceStatements } from '../../../src/bounces/acting/soft-bounce.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { decide } from '../../../src/suppression/deciding/decide.ts'
import { createLookUp } from '../../../src/suppression/deciding/look-up.ts'
import { NOBODY_ERASED } from '../../../src/suppression/erased/erased.ts'
import { readTimeline } from '../../../src/suppression/reading/timeline.ts'
import { findLists, resolveList } from '../../../src/tenants/list.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { lift, stop } from '../../suppression/changes.ts'
import { someService } from '../../tenants/some-service.ts'

const START = Date.UTC(2026, 0, 1)
const WHO = { address: 'Reader@Example.com', key: 'reader@example.com' }

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('puts an address on hard-bounces by the bounce that reaches the threshold, and not before', async () => {
    const world = await begin({ softBounceThreshold: 3 })
    await world.bounce('m1')
    await world.bounce('m2')
    assert.deepEqual([await world.count(), await world.excluded()], [2, undefined])
    await world.bounce('m3')
    assert.deepEqual([await world.count(), await world.excluded()], [3, 'error-count'])
    const [event, ...others] = await world.events()
    assert.deepEqual([event?.reason, event?.messageId, others], ['error-count', 'm3@example.com', []])
  })

  it('counts the addresses of each service for themselves', async () => {
    const [one, other] = [await begin({ softBounceThreshold: 1 }), await begin({ softBounceThreshold: 1 })]
    await one.bounce('m1')
    assert.deepEqual([await one.count(), await other.count()], [1, undefined])
    assert.deepEqual([await one.excluded(), await other.excluded()], ['error-count', undefined])
  })

  it('begins anew when nothing came back for the days of the service', async () => {
    const world = await begin({ softBounceThreshold: 2, softBounceDays: 10 })
    await world.bounce('m1')
    world.time.now += 10 * DAY_MS
    assert.equal(await world.count(), 0)
    await world.bounce('m2')
    assert.deepEqual([await world.count(), await world.excluded()], [1, undefined])
  })

  it('begins anew when the address was made deliverable again, and puts it back when its mail goes on failing', async () => {
    const world = await begin({ softBounceThreshold: 2 })
    await world.bounce('m1')
    await world.bounce('m2')
    world.time.now += 1_000
    await world.record(lift('resume', world.hardBounces.id, WHO.address, { requestedAt: world.time.now }))
    assert.deepEqual([await world.count(), await world.excluded()], [0, undefined])
    await world.bounce('m3')
    assert.deepEqual([await world.count(), await world.excluded()], [1, undefined])
    await world.bounce('m4')
    assert.deepEqual([await world.count(), await world.excluded()], [2, 'error-count'])
  })

  it('stays at 99', async () => {
    const world = await begin({ softBounceThreshold: 99 })
    await world.set(98.5)
    await world.bounce('m1')
    await world.bounce('m2')
    assert.equal(await world.count(), 99)
  })

  it('excludes by a count that is set at the threshold, delivers again by one below it', async () => {
    const world = await begin({ softBounceThreshold: 5 })
    await world.set(4.9)
    assert.deepEqual([await world.count(), await world.excluded()], [4.9, undefined])
    world.time.now += 1_000
    await world.set(99)
    assert.deepEqual([await world.count(), await world.excluded()], [99, 'error-count'])
    world.time.now += 100 * DAY_MS
    assert.deepEqual([await world.count(), await world.excluded()], [99, 'error-count'])
    await world.set(0)
    assert.deepEqual([await world.count(), await world.excluded()], [0, undefined])
  })

  it('shows whoever a hard bounce put on the list at the threshold, and delivers again when that is set to 0', async () => {
    const world = await begin({ softBounceThreshold: 5 })
    const bounce = { requestedAt: START, reason: 'user-unknown', source: 'inbound' } as const
    await world.record(stop(world.hardBounces.id, WHO.address, bounce))
    assert.deepEqual([await world.count(), await world.excluded()], [5, 'user-unknown'])
    world.time.now += 1_000
    await world.set(0)
    assert.deepEqual([await world.count(), await world.excluded()], [0, undefined])
  })

  it('keeps the time at which an address was first counted', async () => {
    const world = await begin()
    await world.bounce('m1')
    const first = world.time.now
    world.time.now += 5_000
    await world.bounce('m2')
    const found = await world.find()
    assert.deepEqual(
      [found?.address, found?.registeredAt, found?.updatedAt],
      [WHO.address, first, world.time.now],
    )
  })

  async function begin(settings: { softBounceThreshold?: number; softBounceDays?: number } = {}) {
    const { service } = await someService(database(), { settings })
    const hardBounces = await resolveList(database(), service.id, 'hard-bounces')
    const counting = { service, hardBounces }
    const time = { now: START }
    const find = async () => (await readErrorCounts(database(), counting, [WHO.key], time.now)).get(WHO.key)
    return {
      time,
      hardBounces,
      record: createRecorder(database(), () => time.now).record,
      bounce: async (id: string) => {
        time.now += 1_000
        const at = time.now
        const from = { source: 'inbound', evidence: null, messageId: `${id}@example.com` } as const
        const bounce = { ...from, recipient: WHO, requestedAt: at, mailedAt: at }
        const parts = { database: database(), erased: NOBODY_ERASED }
        await database().transact(await softBounceStatements(parts, counting, bounce, at))
      },
      set: (count: number) =>
        setErrorCounts(
          { database: database(), erased: NOBODY_ERASED },
          counting,
          [{ recipient: WHO, count }],
          {
            at: time.now,
            source: 'api',
          },
        ),
      find,
      count: async () => (await find())?.count,
      excluded: async () => {
        const standings = (await createLookUp(database())([WHO.key])).get(WHO.key) ?? []
        const decision = decide(standings, [hardBounces.id], time.now)
        return decision.deliver ? undefined : decision.reason
      },
      events: async () =>
        (await readTimeline(database(), await findLists(database(), service.id), WHO.key)).events,
    }
  }
})
