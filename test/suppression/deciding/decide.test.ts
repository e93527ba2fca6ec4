import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide } from '../../../src/suppression/deciding/decide.ts'
import { endOf, type Standing } from '../../../src/suppression/deciding/standing.ts'

const NOW = 1_000_000

function on(listId: number, given: Partial<Standing> = {}): Standing {
  return {
    listId,
    active: true,
    since: 10,
    requestedAt: 20,
    expiresAt: null,
    lifetimeMs: null,
    reason: 'unsubscribed',
    ...given,
  }
}

describe('the decision', () => {
  it('delivers to who stands nowhere or only on lists that do not apply', () => {
    assert.deepEqual(decide([], [1, 2], NOW), { deliver: true })
    assert.deepEqual(decide([on(3)], [1, 2], NOW), { deliver: true })
    assert.deepEqual(decide([on(3)], [], NOW), { deliver: true })
  })

  it('excludes who is on any list that applies, and says which, why and since when', () => {
    const hard = on(2, { reason: 'user-unknown', since: 5 })
    assert.deepEqual(decide([on(3), hard], [1, 2], NOW), {
      deliver: false,
      listId: 2,
      reason: 'user-unknown',
      since: 5,
    })
  })

  it('names the first applicable list that excludes, in the order of the lists', () => {
    const decision = decide([on(1), on(2), on(3, { active: false })], [3, 2, 1], NOW)
    assert.equal(decision.deliver ? undefined : decision.listId, 2)
  })

  it('delivers to who was resumed', () => {
    assert.deepEqual(decide([on(1, { active: false })], [1], NOW), { deliver: true })
  })

  it('excludes until the millisecond in which the lifetime ends', () => {
    const row = on(1, { requestedAt: NOW - 1_000, lifetimeMs: 1_000 })
    assert.equal(decide([row], [1], NOW - 1).deliver, false)
    assert.equal(decide([row], [1], NOW).deliver, true)
    assert.equal(decide([{ ...row, lifetimeMs: 1_001 }], [1], NOW).deliver, false)
    assert.equal(decide([{ ...row, lifetimeMs: null }], [1], NOW + 1e12).deliver, false)
  })

  it("lets a row's own end override the list's lifetime, both ways", () => {
    const longer = on(1, { requestedAt: 0, lifetimeMs: 1, expiresAt: NOW + 1 })
    const shorter = on(1, { requestedAt: NOW, lifetimeMs: null, expiresAt: NOW })
    assert.equal(decide([longer], [1], NOW).deliver, false)
    assert.equal(decide([shorter], [1], NOW).deliver, true)
    assert.equal(endOf(longer), NOW + 1)
    assert.equal(endOf(on(1)), null)
    assert.equal(endOf(on(1, { requestedAt: 5, lifetimeMs: 7 })), 12)
  })
})
