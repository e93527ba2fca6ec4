import assert from 'node:assert/strict'
import { it } from 'node:test'
import { requireRevision, revisionOf } from '../../src/kernel/revision.ts'

const THING = { name: 'news', limits: { a: 1, b: null }, domains: ['x', 'y'] }

it('names what something is like, in whatever order it was written', () => {
  const again = { domains: ['x', 'y'], limits: { b: null, a: 1 }, name: 'news' }
  assert.equal(revisionOf(again), revisionOf(THING))
  const others = [
    { ...THING, name: 'new' },
    { ...THING, limits: { a: 1 } },
    { ...THING, limits: { a: '1', b: null } },
    { ...THING, domains: ['y', 'x'] },
  ]
  for (const other of others) assert.notEqual(revisionOf(other), revisionOf(THING), JSON.stringify(other))
})

it('refuses a change to what somebody else changed meanwhile, and lets through who names no revision', () => {
  const now = revisionOf(THING)
  requireRevision(undefined, now)
  requireRevision(now, now)
  assert.throws(() => requireRevision(revisionOf({}), now), { code: 'changed-meanwhile', field: 'revision' })
})
