import assert from 'node:assert/strict'
import { before, beforeEach, it } from 'node:test'
import { takeShare } from '../../src/jobs/shares.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

const NAMES = Array.from({ length: 12 }, (_, index) => `part ${index}`)
const LIFETIME_MS = 30_000

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)
  let database: ReturnType<typeof shared>
  before(() => {
    database = shared()
  })
  beforeEach(async () => {
    await database.transact([database.query.deleteFrom('lease')])
  })

  const take = (owner: string, now: number, isBusy: (name: string) => boolean = () => false) =>
    takeShare(database, 'parts', NAMES, { owner, now, lifetimeMs: LIFETIME_MS, renewOnly: false, isBusy })
  const namesOf = (leases: readonly { name: string }[]) => leases.map(({ name }) => name)

  it('gives one worker everything', async () => {
    const { held, leaving } = await take('a', 0)
    assert.deepEqual(namesOf(held).toSorted(), NAMES.toSorted())
    assert.deepEqual(leaving, [])
  })

  it('comes to give each of several workers its part, and no part to two', async () => {
    await take('a', 0)
    for (let now = 1; now < 8; now++) for (const owner of ['a', 'b', 'c']) await take(owner, now)
    const shares = []
    for (const owner of ['a', 'b', 'c']) shares.push(namesOf((await take(owner, 10)).held))
    assert.deepEqual(
      shares.map((share) => share.length),
      [4, 4, 4],
    )
    assert.deepEqual(shares.flat().toSorted(), NAMES.toSorted())
  })

  it('gives up no part on which something is under way, but lets nothing new begin there', async () => {
    await take('a', 0)
    await take('b', 1)
    const busy = await take('a', 2, () => true)
    assert.deepEqual([busy.held.length, busy.leaving.length], [6, 6])
    assert.deepEqual((await take('b', 3)).held, [])
    const idle = await take('a', 4)
    assert.deepEqual([idle.held.length, idle.leaving.length], [6, 0])
    assert.equal((await take('b', 5)).held.length, 6)
  })

  it('gives the parts of a worker that is gone to those that live, under a higher epoch', async () => {
    const first = await take('a', 0)
    await take('b', LIFETIME_MS - 1)
    const second = await take('b', LIFETIME_MS)
    assert.equal(second.held.length, NAMES.length)
    const before = new Map(first.held.map(({ name, epoch }) => [name, epoch]))
    assert.ok(second.held.every(({ name, epoch }) => epoch > (before.get(name) ?? 0)))
  })

  it('leaves lapsed parts of others alone when told to', async () => {
    await take('a', 0)
    const terms = { owner: 'b', now: LIFETIME_MS, lifetimeMs: LIFETIME_MS, isBusy: () => false }
    const share = await takeShare(database, 'parts', NAMES, { ...terms, renewOnly: true })
    assert.deepEqual(share.held, [])
  })

  it('lets many workers start at the same moment', async () => {
    const owners = Array.from({ length: 5 }, (_, index) => `w${index}`)
    for (let now = 0; now < 8; now++) await Promise.all(owners.map((owner) => take(owner, now)))
    const shares = await Promise.all(owners.map((owner) => take(owner, 10)))
    const all = shares.flatMap(({ held, leaving }) => namesOf([...held, ...leaving]))
    assert.deepEqual(all.toSorted(), NAMES.toSorted())
    assert.ok(shares.every(({ held }) => held.length >= 2 && held.length <= 3))
  })
})
