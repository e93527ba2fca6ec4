import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import type { SuppressionChange } from '../../../src/suppression/changing/change.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { readStateBefore } from '../../../src/suppression/changing/state-before.ts'
import { decide } from '../../../src/suppression/deciding/decide.ts'
import { createLookUp } from '../../../src/suppression/deciding/look-up.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { registerSender } from '../../../src/tenants/sender.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { someService } from '../../tenants/some-service.ts'
import { lift, stop } from '../changes.ts'

const START = Date.UTC(2026, 0, 1)
const WHO = 'Reader@Example.com'
const KEY = 'reader@example.com'

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('excludes from the list of that sender alone, from the next look-up on', async () => {
    const world = await begin()
    assert.deepEqual(await world.record(stop(world.a, WHO, { requestedAt: START })), { changed: true })
    assert.deepEqual(await world.decision(world.a), {
      deliver: false,
      listId: world.a,
      reason: 'unsubscribed',
      since: START,
    })
    assert.deepEqual(await world.decision(world.b), { deliver: true })
    assert.deepEqual(await world.decision(world.hardBounces), { deliver: true })
  })

  it('covers the whole service by a hard bounce, until resumed', async () => {
    const world = await begin()
    const bounce = stop(world.hardBounces, WHO, {
      requestedAt: START,
      reason: 'user-unknown',
      source: 'inbound',
    })
    await world.record(bounce)
    world.now = START + 10_000 * DAY_MS
    for (const own of [world.a, world.b]) {
      const decision = await world.decision(own, world.hardBounces)
      assert.equal(decision.deliver ? undefined : decision.reason, 'user-unknown')
    }
    await world.record(lift('resume', world.hardBounces, WHO, { requestedAt: world.now }))
    assert.deepEqual(await world.decision(world.a, world.hardBounces), { deliver: true })
  })

  it('renews an active row by a repeat: keeps since, restarts the lifetime, adds no event', async () => {
    const world = await begin()
    const message = { messageId: 'm1@mail', mailedAt: START }
    await world.record(stop(world.a, WHO, { requestedAt: START, ...message }))
    world.now = START + 80 * DAY_MS
    const repeat = stop(world.a, 'READER@EXAMPLE.COM', { requestedAt: world.now, ...message })
    assert.deepEqual(await world.record(repeat), { changed: false })
    const [row] = await world.rows()
    assert.deepEqual([row?.since, row?.requested_at, row?.address], [START, world.now, WHO])
    assert.equal((await world.events()).length, 1)
    world.now = START + 169 * DAY_MS
    assert.equal((await world.decision(world.a)).deliver, false)
    world.now = START + 170 * DAY_MS
    assert.equal((await world.decision(world.a)).deliver, true)
  })

  it('adds an event for another message, and none for a request that names no message', async () => {
    const world = await begin()
    for (const messageId of ['m1@mail', 'm1@mail', null, 'm2@mail', 'm2@mail', null]) {
      world.now += 1_000
      await world.record(stop(world.a, WHO, { requestedAt: world.now, messageId }))
    }
    const events = await world.events()
    assert.deepEqual(
      events.map((event) => [event.message_id, event.requested_at - START]),
      [
        ['m1@mail', 1_000],
        ['m2@mail', 4_000],
      ],
    )
    const [row] = await world.rows()
    assert.deepEqual(
      [row?.since, row?.requested_at, row?.message_id],
      [START + 1_000, START + 6_000, 'm2@mail'],
    )
  })

  it('never moves a request back in time by an earlier one that comes late', async () => {
    const world = await begin()
    await world.record(stop(world.a, WHO, { requestedAt: START, messageId: 'm2@mail' }))
    await world.record(stop(world.a, WHO, { requestedAt: START - DAY_MS, messageId: 'm1@mail' }))
    assert.equal((await world.rows())[0]?.requested_at, START)
    assert.deepEqual(
      (await world.events()).map((event) => event.requested_at),
      [START, START - DAY_MS],
    )
  })

  it('lets a changed lifetime act at once, both ways, without touching a row', async () => {
    const world = await begin()
    await world.record(stop(world.a, WHO, { requestedAt: START }))
    const before = await world.rows()
    world.now = START + 40 * DAY_MS
    for (const [days, deliver] of [
      [90, false],
      [40, true],
      [41, false],
      [null, false],
      [1, true],
    ] as const) {
      await updateService(database(), world.serviceId, { lifetimeDays: { sender: days } })
      assert.equal((await world.decision(world.a)).deliver, deliver, `${days} days`)
    }
    assert.deepEqual(await world.rows(), before)
  })

  it('begins anew, with an event, when a request comes after the lapse', async () => {
    const world = await begin()
    const message = { messageId: 'm1@mail' }
    await world.record(stop(world.a, WHO, { requestedAt: START, ...message }))
    world.now = START + 90 * DAY_MS
    assert.deepEqual(await world.record(stop(world.a, WHO, { requestedAt: world.now, ...message })), {
      changed: true,
    })
    const [, second] = await world.events()
    const before = readStateBefore(second?.before ?? null)
    assert.deepEqual([before?.active, before?.excluded, before?.since], [true, false, START])
    assert.equal((await world.rows())[0]?.since, world.now)
  })

  it('keeps the row of who is resumed, and changes nothing by resuming again', async () => {
    const world = await begin()
    await world.record(stop(world.a, WHO, { requestedAt: START }))
    assert.deepEqual(await world.record(lift('resume', world.b, WHO)), { changed: false })
    world.now += DAY_MS
    const resume = lift('resume', world.a, WHO, { requestedAt: world.now })
    assert.deepEqual(await world.record(resume), { changed: true })
    assert.deepEqual(await world.record(resume), { changed: false })
    const [row] = await world.rows()
    assert.deepEqual([row?.active, row?.removed, row?.resumed_at, row?.since], [0, 0, world.now, START])
    assert.deepEqual(
      (await world.events()).map(({ kind }) => kind),
      ['stop', 'resume'],
    )
  })

  it('takes who is removed out of sight, resumed before or not', async () => {
    const world = await begin()
    await world.record(stop(world.a, WHO, { requestedAt: START }))
    for (const kind of ['resume', 'remove'] as const) {
      assert.deepEqual(await world.record(lift(kind, world.a, WHO)), { changed: true })
    }
    for (const kind of ['remove', 'resume'] as const) {
      assert.deepEqual(await world.record(lift(kind, world.a, WHO)), { changed: false })
    }
    assert.deepEqual([(await world.rows())[0]?.active, (await world.rows())[0]?.removed], [0, 1])
    assert.equal((await world.decision(world.a)).deliver, true)

    assert.deepEqual(await world.record(stop(world.a, WHO, { requestedAt: START })), { changed: true })
    assert.deepEqual([(await world.rows())[0]?.active, (await world.rows())[0]?.removed], [1, 0])
  })

  it('honours an old link after a resume, and marks it as of an older mail', async () => {
    const world = await begin()
    await world.record(stop(world.a, WHO, { requestedAt: START, messageId: 'old@mail', mailedAt: START - 5 }))
    const resumedAt = START + DAY_MS
    await world.record(lift('resume', world.a, WHO, { requestedAt: resumedAt }))
    for (const [messageId, mailedAt, olderMail] of [
      ['old@mail', START - 5, 1],
      ['new@mail', resumedAt + 5, 0],
      [null, null, 0],
    ] as const) {
      world.now += 2 * DAY_MS
      await world.record(stop(world.a, WHO, { requestedAt: world.now, messageId, mailedAt }))
      assert.equal((await world.decision(world.a)).deliver, false)
      assert.equal((await world.events()).at(-1)?.older_mail, olderMail)
      await database().transact([database().query.updateTable('suppression').set({ active: 0 })])
    }
  })

  it('counts identical requests that come together once, and remembers the first and the latest', async () => {
    const world = await begin()
    const request = (ms: number) => stop(world.a, WHO, { requestedAt: START + ms, messageId: 'm@mail' })
    const results = await world.recordAll([5, 9, 7].map(request))
    assert.deepEqual(results, [true, false, false])
    const [row] = await world.rows()
    assert.deepEqual([row?.since, row?.requested_at], [START + 5, START + 9])
    assert.deepEqual(
      (await world.events()).map((event) => event.requested_at),
      [START + 5],
    )

    const resumes = [1, 2].map((ms) => lift('resume', world.a, WHO, { requestedAt: START + DAY_MS + ms }))
    assert.deepEqual(await world.recordAll(resumes), [true, false])
    assert.equal((await world.rows())[0]?.resumed_at, START + DAY_MS + 1)
  })

  it('carries out what comes together in the order in which it came, each with the state before it', async () => {
    const world = await begin()
    const results = await world.recordAll([
      stop(world.a, WHO, { requestedAt: START, messageId: 'm1@mail' }),
      stop(world.a, WHO, { requestedAt: START, messageId: 'm2@mail' }),
      lift('resume', world.a, WHO, { requestedAt: START }),
      stop(world.a, 'other@example.com', { requestedAt: START }),
      stop(world.a, WHO, { requestedAt: START, messageId: 'm1@mail' }),
      lift('remove', world.a, WHO, { requestedAt: START }),
      lift('remove', world.a, 'nobody@example.com', { requestedAt: START }),
    ])
    assert.deepEqual(results, [true, false, true, true, true, true, false])
    const events = (await world.events()).filter((event) => event.address_key === KEY)
    assert.deepEqual(
      events.map(({ kind, before }) => {
        const state = readStateBefore(before)
        return [kind, state?.excluded ?? null, state?.messageId ?? null]
      }),
      [
        ['stop', null, null],
        ['stop', true, 'm1@mail'],
        ['resume', true, 'm2@mail'],
        ['stop', false, 'm2@mail'],
        ['remove', true, 'm1@mail'],
      ],
    )
    assert.deepEqual(
      events.map(({ recorded_at }) => recorded_at),
      [0, 1, 2, 3, 4].map((ms) => world.now + ms),
    )
  })

  it('keeps the evidence as it came, with NUL and half characters made harmless', async () => {
    const world = await begin()
    const evidence = {
      method: 'POST',
      clientAddress: '2001:db8::1',
      userAgent: 'a\0b\ud800 "quoted" 日本',
      keyId: 'k1',
      body: 'List-Unsubscribe=One-Click',
    }
    await world.record(stop(world.a, WHO, { requestedAt: START, evidence }))
    assert.deepEqual(JSON.parse((await world.events())[0]?.evidence_json ?? ''), evidence)
  })

  it('fails a change that cannot be stored alone, beside others that are', async () => {
    const world = await begin()
    const outcomes = await Promise.allSettled([
      world.record(stop(world.a, WHO, { requestedAt: START })),
      world.record(stop(world.a, 'bad@example.com', { messageId: 'a\0b' })),
      world.record(stop(world.b, WHO, { requestedAt: START })),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.equal((await world.rows()).length, 2)
  })

  it('looks up many addresses at once, each with all its lists, and none that stands nowhere', async () => {
    const world = await begin()
    await world.record(stop(world.a, WHO, { requestedAt: START }))
    await world.record(stop(world.hardBounces, WHO, { requestedAt: START, reason: 'moved' }))
    await world.record(stop(world.b, 'other@example.com', { requestedAt: START }))
    await world.record(lift('resume', world.b, 'other@example.com'))
    const strangers = Array.from({ length: 25_000 }, (_, i) => `stranger.${i}@example.com`)
    const [all, one, none] = await Promise.all([
      world.lookUp([...strangers, KEY, 'other@example.com']),
      world.lookUp([KEY]),
      world.lookUp([]),
    ])
    assert.deepEqual([...all.keys()], [KEY])
    assert.deepEqual(
      new Set(all.get(KEY)?.map(({ listId }) => listId)),
      new Set([world.a, world.hardBounces]),
    )
    assert.deepEqual(one, all)
    assert.equal(none.size, 0)
  })

  async function begin() {
    const { query } = database()
    await database().transact([query.deleteFrom('suppression'), query.deleteFrom('event')])
    const { service, listIds } = await someService(database())
    const register = async (address: string) =>
      (await registerSender(database(), listIds, service, { address, now: START })).listId
    const world = {
      now: START,
      serviceId: service.id,
      a: await register('from_a@example.com'),
      b: await register('from_b@example.com'),
      hardBounces: (await resolveList(database(), service.id, 'hard-bounces')).id,
    }
    const recorder = createRecorder(database(), () => world.now)
    const lookUp = createLookUp(database())
    return Object.assign(world, {
      lookUp,
      record: (change: SuppressionChange) => recorder.record(change),
      recordAll: async (changes: SuppressionChange[]) =>
        (await Promise.all(changes.map((change) => recorder.record(change)))).map(({ changed }) => changed),
      decision: async (...applicable: number[]) =>
        decide((await lookUp([KEY])).get(KEY) ?? [], applicable, world.now),
      rows: () => database().read(query.selectFrom('suppression').selectAll()),
      events: () => database().read(query.selectFrom('event').selectAll().orderBy('recorded_at')),
    })
  }
})
