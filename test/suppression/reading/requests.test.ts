import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { rowSet } from '../../../src/storage/row-set.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import {
  type RequestPeriod,
  readStopRequests,
  type StopRequest,
} from '../../../src/suppression/reading/requests.ts'
import { registerSender } from '../../../src/tenants/sender.ts'
import { planOf } from '../../storage/plan-of.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { someService } from '../../tenants/some-service.ts'
import { lift, stop } from '../changes.ts'

/** Midnight in Tokyo. */
const DAY = Date.parse('2026-05-10T00:00:00+09:00')
const HOUR = 3_600_000

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('gives each request of the period, in the order in which they were made, with whether it excludes now', async () => {
    const world = await begin()
    await world.stopAt('before@example.com', DAY - 1)
    await world.stopAt('Second@Example.com', DAY + 2 * HOUR, 'm2@mail')
    await world.stopAt('first@example.com', DAY, 'm1@mail')
    await world.stopAt('resumed@example.com', DAY + 3 * HOUR)
    await world.stopAt('after@example.com', DAY + DAY_MS)
    await world.record(lift('resume', world.listId, 'resumed@example.com'))
    assert.deepEqual(await world.read(), [
      {
        listId: world.listId,
        address: 'first@example.com',
        addressKey: 'first@example.com',
        messageId: 'm1@mail',
        requestedAt: DAY,
        excluded: true,
      },
      {
        listId: world.listId,
        address: 'Second@Example.com',
        addressKey: 'second@example.com',
        messageId: 'm2@mail',
        requestedAt: DAY + 2 * HOUR,
        excluded: true,
      },
      {
        listId: world.listId,
        address: 'resumed@example.com',
        addressKey: 'resumed@example.com',
        messageId: null,
        requestedAt: DAY + 3 * HOUR,
        excluded: false,
      },
    ])
    world.now = DAY + 90 * DAY_MS
    assert.deepEqual(
      (await world.read()).map(({ excluded }) => excluded),
      [false, true, false],
    )
  })

  it('gives one row per address and calendar day of the zone: the request that came first', async () => {
    const world = await begin()
    const messages = ['m1', 'm2', 'm3', 'm4', 'm5']
    const times = [DAY - HOUR, DAY + HOUR, DAY + 2 * HOUR, DAY + 23 * HOUR, DAY + 25 * HOUR]
    for (const [i, message] of messages.entries()) await world.stopAt('a@example.com', times[i] ?? 0, message)
    const messagesIn = async (timeZone: string) =>
      (await world.read({ from: DAY - DAY_MS, to: DAY + 3 * DAY_MS, timeZone })).map(
        ({ messageId }) => messageId,
      )
    assert.deepEqual(await messagesIn('Asia/Tokyo'), ['m1', 'm2', 'm5'])
    // 15:00 in UTC is midnight in Tokyo.
    assert.deepEqual(await messagesIn('UTC'), ['m1', 'm4'])
  })

  it('counts the first request within the period, when that begins in the middle of a day', async () => {
    const world = await begin()
    await world.stopAt('a@example.com', DAY + HOUR, 'm1')
    await world.stopAt('a@example.com', DAY + 5 * HOUR, 'm2')
    const rows = await world.read({ from: DAY + 2 * HOUR })
    assert.deepEqual(
      rows.map(({ messageId }) => messageId),
      ['m2'],
    )
  })

  it('knows days of 23 and 25 hours', async () => {
    const world = await begin()
    const start = Date.parse('2026-10-25T00:00:00+02:00')
    const times = [start, start + 24 * HOUR, start + 25 * HOUR]
    for (const [i, time] of times.entries()) await world.stopAt('a@example.com', time, `m${i}`)
    const rows = await world.read({ from: start, to: start + 3 * DAY_MS, timeZone: 'Europe/Vienna' })
    assert.deepEqual(
      rows.map(({ messageId }) => messageId),
      ['m0', 'm2'],
    )
  })

  it('leaves out who was removed from the list, until a new request', async () => {
    const world = await begin()
    await world.stopAt('a@example.com', DAY + HOUR, 'm1')
    await world.record(lift('remove', world.listId, 'a@example.com', { requestedAt: DAY + 2 * HOUR }))
    assert.deepEqual(await world.read(), [])
    await world.stopAt('a@example.com', DAY + 3 * HOUR, 'm2')
    assert.deepEqual(
      (await world.read()).map(({ messageId, excluded }) => [messageId, excluded]),
      [['m2', true]],
    )
  })

  it('still gives a request whose row was purged, as deliverable', async () => {
    const world = await begin()
    await world.stopAt('a@example.com', DAY)
    await database().transact([database().query.deleteFrom('suppression')])
    assert.deepEqual(
      (await world.read()).map(({ excluded }) => excluded),
      [false],
    )
  })

  it('gives requests to stop alone: no bounces, resumes or rows that an operator listed', async () => {
    const world = await begin()
    await world.record(stop(world.listId, 'a@example.com', { requestedAt: DAY, reason: 'listed' }))
    await world.record(lift('resume', world.listId, 'a@example.com', { requestedAt: DAY }))
    assert.deepEqual(await world.read(), [])
  })

  it('goes on behind a row that is known, and counts the first request of the day all the same', async () => {
    const world = await begin()
    await world.stopAt('a@example.com', DAY + HOUR)
    await world.stopAt('b@example.com', DAY + HOUR)
    await world.stopAt('c@example.com', DAY + 2 * HOUR)
    await world.stopAt('a@example.com', DAY + 3 * HOUR)
    await world.stopAt('d@example.com', DAY + 26 * HOUR)
    const behind = async (requestedAt: number, addressKey: string) =>
      (await world.read({ to: DAY + 2 * DAY_MS, after: [requestedAt, addressKey] })).map(
        (row) => row.addressKey,
      )
    assert.deepEqual(await behind(DAY + HOUR, 'a@example.com'), [
      'b@example.com',
      'c@example.com',
      'd@example.com',
    ])
    assert.deepEqual(await behind(DAY + 2 * HOUR, 'c@example.com'), ['d@example.com'])
    assert.deepEqual(await behind(DAY + 26 * HOUR, 'd@example.com'), [])
  })

  it('says of nobody that the list excludes, in a service whose customer excludes by himself', async () => {
    const world = await begin()
    await world.stopAt('a@example.com', DAY)
    const rows = await world.read({ automaticExclusion: false })
    assert.deepEqual(
      rows.map(({ excluded }) => excluded),
      [false],
    )
  })

  it('gives the lists that are asked for, one after the other', async () => {
    const [one, other] = [await begin(), await begin()]
    await one.stopAt('a@example.com', DAY + 1)
    await other.stopAt('a@example.com', DAY)
    await (await begin()).stopAt('a@example.com', DAY)
    const rows = await one.read({ listIds: [one.listId, other.listId] })
    assert.deepEqual(
      rows.map(({ listId, requestedAt }) => [listId, requestedAt - DAY]),
      [
        [one.listId, 1],
        [other.listId, 0],
      ],
    )
    assert.deepEqual(await one.read({ listIds: [] }), [])
  })

  it('gives who was there throughout exactly once while others come and go, in pages of at most 1,000', async () => {
    const world = await begin()
    await world.fill(12_000)
    world.now = DAY + 40 * HOUR
    const seen: string[] = []
    const sizes: number[] = []
    for await (const page of world.pages({ to: DAY + 2 * DAY_MS })) {
      sizes.push(page.length)
      seen.push(...page.map(({ address }) => address))
      // Before and after the place that the reader has reached: newcomers, and second requests of who is there.
      for (const [i, time] of [DAY, DAY + 5_000, DAY + 30 * HOUR].entries()) {
        await world.stopAt(`new.${sizes.length}.${i}@example.com`, time)
        await world.stopAt(`p${11_990 + i}@example.com`, time, `again ${sizes.length}.${i}`)
      }
    }
    assert.ok(sizes.every((size) => size <= 1_000))
    const there = seen.filter((address) => address.startsWith('p'))
    assert.equal(new Set(there).size, 12_000)
    // On the second day there may be one more row of each of the three.
    assert.ok(there.length <= 12_003)
    const counts = Map.groupBy(there, (address) => address)
    for (let i = 0; i < 11_990; i++) assert.equal(counts.get(`p${i}@example.com`)?.length, 1)
  })

  // PostgreSQL's plans depend on statistics; SQLite's are the same on every machine.
  const onSqlite = engine.name === 'sqlite' ? it : () => {}
  onSqlite('seeks the first row of each page', async () => {
    const world = await begin()
    await world.fill(6_000)
    const period = {
      ...{ listIds: [world.listId], from: DAY, to: DAY + DAY_MS, timeZone: 'UTC' },
      automaticExclusion: true,
    }
    const plan = await planOf(database(), async (spied) => {
      let rows = 0
      for await (const page of readStopRequests(spied, period, () => DAY)) rows += page.length
      assert.equal(rows, 6_000)
    })
    assert.match(
      plan,
      /SEARCH event USING INDEX event_by_list \(list_id=\? AND requested_at>\? AND requested_at<\?\)/,
    )
    assert.match(plan, /\(list_id=\? AND \(requested_at,address_key\)>\(\?,\?\) AND requested_at<\?\)/)
    assert.doesNotMatch(plan, /SCAN (?!page)|TEMP B-TREE/)
  })

  async function begin() {
    const { service, listIds } = await someService(database())
    const { listId } = await registerSender(database(), listIds, service, {
      address: 'news@example.com',
      now: 0,
    })
    const world = { now: DAY, listId }
    const { record } = createRecorder(database(), () => world.now)
    const pages = (given: Partial<RequestPeriod> = {}) => {
      const period = {
        ...{ listIds: [listId], from: DAY, to: DAY + DAY_MS, timeZone: 'Asia/Tokyo' },
        automaticExclusion: true,
        ...given,
      }
      return readStopRequests(database(), period, () => world.now)
    }
    return Object.assign(world, {
      record,
      pages,
      stopAt: (address: string, requestedAt: number, messageId: string | null = null) => {
        world.now++
        return record(stop(listId, address, { requestedAt, messageId }))
      },
      read: async (given: Partial<RequestPeriod> = {}) => {
        const rows: StopRequest[] = []
        for await (const page of pages(given)) rows.push(...page)
        return rows
      },
      /** People `p0` to `p…`, three in each millisecond from the beginning of the day on. */
      fill: async (count: number) => {
        const rows = Array.from({ length: count }, (_, i) => ({
          address: `p${i}@example.com`,
          at: DAY + Math.floor(i / 3),
        }))
        const given = rowSet(database(), 'given', { address: 'text', at: 'integer' }, rows)
        const insert = sql`insert into event (address_key, list_id, recorded_at, kind, address, requested_at, reason,
          source, older_mail) select address, ${sql.lit(listId)}, at, 'stop', address, at, 'unsubscribed', 'one-click', 0
          from ${given}`
        await database().transact([{ compile: () => insert.compile(database().query) }])
      },
    })
  }
})
