import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createPacer, MOST_HELD_MS } from '../../../src/delivery/outbox/pace.ts'
import { fc } from '../../support/properties.ts'

const bulk = { now: 0, priority: false, returning: false }
const urgent = { now: 0, priority: true, returning: false }

it('spaces what goes by one key, and nothing else', () => {
  const pacer = createPacer(() => 1)
  const slow = [{ key: 'docomo.ne.jp', perSecond: 2 }]
  assert.deepEqual(
    [1, 2, 3].map(() => pacer.next(slow, bulk)),
    [0, 500, 1_000],
  )
  assert.equal(pacer.next([{ key: 'example.com', perSecond: 2 }], bulk), 0)
  assert.equal(pacer.next([], bulk), 0)
})

it('keeps to the slowest of several paces', () => {
  const pacer = createPacer(() => 1)
  const both = [
    { key: 'service', perSecond: 100 },
    { key: 'domain', perSecond: 1 },
  ]
  assert.deepEqual([pacer.next(both, bulk), pacer.next(both, bulk)], [0, 1_000])
})

it('begins anew when the clock is put back', () => {
  const pacer = createPacer(() => 1)
  const pace = [{ key: 'k', perSecond: 1 }]
  const now = 3_600_000
  assert.equal(pacer.next(pace, { ...bulk, now }), now)
  assert.deepEqual([pacer.next(pace, bulk), pacer.next(pace, bulk)], [0, 1_000])
})

it('goes at its share of the pace', () => {
  const pacer = createPacer(() => 0.25)
  const pace = [{ key: 'k', perSecond: 4 }]
  assert.deepEqual([pacer.next(pace, bulk), pacer.next(pace, bulk)], [0, 1_000])
})

it('lets what has priority overtake all that wait, who wait a little longer for it', () => {
  const pacer = createPacer(() => 1)
  const pace = [{ key: 'k', perSecond: 1 }]
  assert.deepEqual([pacer.next(pace, bulk), pacer.next(pace, bulk)], [0, 1_000])
  for (let count = 0; count < 100; count++) pacer.next(pace, bulk)
  assert.equal(pacer.next(pace, urgent), 0)
  assert.equal(pacer.next(pace, urgent), 1_000)
  assert.ok(pacer.next(pace, { ...bulk, now: 2_000, returning: true }) >= 4_000)
})

it('sends away who would wait for long, each to a time of its own, in which it goes before the new ones', () => {
  const pacer = createPacer(() => 1)
  const pace = [{ key: 'k', perSecond: 1 }]
  const times = Array.from({ length: 10 }, () => pacer.next(pace, bulk))
  assert.deepEqual(times, [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000])
  for (const at of times.slice(3)) {
    assert.equal(pacer.next(pace, { now: at, priority: false, returning: true }), at)
    assert.ok(pacer.next(pace, { ...bulk, now: at }) >= 10_000)
  }
})

it('sends nobody away for more than an hour, so that a changed rate is felt by then', () => {
  const pacer = createPacer(() => 1)
  const pace = [{ key: 'k', perSecond: 1 }]
  const times = Array.from({ length: 10_000 }, () => pacer.next(pace, bulk))
  assert.ok(times.every((at) => at <= 3_601_000))
})

it('never lets more than the rate through in any second, whatever comes when', () => {
  const arrivals = fc.array(
    fc.record({ wait: fc.nat(700), priority: fc.boolean(), returning: fc.boolean() }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 20 }), (given, perSecond) => {
      const pacer = createPacer(() => 1)
      let now = 0
      const times: { at: number; priority: boolean }[] = []
      for (const { wait, priority, returning } of given) {
        now += wait
        const at = pacer.next([{ key: 'k', perSecond }], { now, priority, returning })
        assert.ok(at >= now)
        // Who is sent away has no turn yet.
        if (at - now <= MOST_HELD_MS) times.push({ at, priority })
      }
      for (const priority of [true, false]) {
        const own = times.filter((time) => time.priority === priority).map(({ at }) => at)
        own.sort((a, b) => a - b)
        own.slice(1).forEach((at, index) => {
          assert.ok(at - (own[index] as number) >= 1_000 / perSecond - 1e-6)
        })
      }
    }),
  )
})
