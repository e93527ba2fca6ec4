import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nextAttempt } from '../../../src/delivery/outbox/retry-schedule.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe('the next attempt', () => {
  it('comes ever later, up to four hours', () => {
    for (const [attempts, minutes] of [
      [1, 1],
      [2, 5],
      [3, 15],
      [4, 30],
      [5, 60],
      [6, 120],
      [7, 240],
      [8, 240],
      [1_000, 240],
    ] as const) {
      const wait = (nextAttempt(attempts, 0, 1_000) ?? 0) - 1_000
      assert.ok(wait >= 0.9 * minutes * MINUTE && wait <= 1.1 * minutes * MINUTE, `${attempts}: ${wait}`)
    }
  })

  it('is left to chance by a fifth, so that what failed together does not come back together', () => {
    const waits = Array.from({ length: 200 }, () => nextAttempt(5, 0, 0) ?? 0)
    assert.ok(Math.max(...waits) - Math.min(...waits) > 0.15 * 60 * MINUTE)
  })

  it('does not come later than five days after the first was due', () => {
    assert.ok(nextAttempt(30, 0, 5 * DAY - 265 * MINUTE))
    assert.equal(nextAttempt(30, 0, 5 * DAY - 200 * MINUTE), undefined)
  })

  it('comes seven times at least, however late a pause or an outage made the first', () => {
    for (let attempts = 1; attempts <= 7; attempts++) assert.ok(nextAttempt(attempts, 0, 30 * DAY))
    assert.equal(nextAttempt(8, 0, 30 * DAY), undefined)
  })
})
