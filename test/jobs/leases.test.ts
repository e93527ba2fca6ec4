import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { releaseLeases, takeLeases } from '../../src/jobs/leases.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

const LIFETIME = 30_000
const NAMES = ['bucket 1', 'bucket 10', 'bucket 2']

forEachEngine((engine) => {
  const database = sharedDatabase(engine)
  beforeEach(() => database().transact([database().query.deleteFrom('lease')]))

  const take = (owner: string, now: number, names: readonly string[] = NAMES) =>
    takeLeases(database(), names, { owner, now, lifetimeMs: LIFETIME })

  describe('leases', () => {
    it('are had by the first who asks, and by nobody else as long as they last', async () => {
      const leases = await take('one', 0)
      assert.deepEqual(
        leases.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        NAMES.map((name) => ({ name, epoch: 1, fresh: true })),
      )
      assert.deepEqual(await take('other', LIFETIME - 1), [])
    })

    it('keep their epoch when they are renewed, also after they lapsed', async () => {
      await take('one', 0)
      for (const now of [LIFETIME / 2, 10 * LIFETIME]) {
        const leases = await take('one', now)
        assert.deepEqual(new Set(leases.map(({ epoch, fresh }) => `${epoch} ${fresh}`)), new Set(['1 false']))
        assert.equal(leases.length, 3)
      }
      assert.deepEqual(await take('other', 11 * LIFETIME - 1), [])
    })

    it('change hands with a new epoch at the moment in which they lapse', async () => {
      await take('one', 0)
      const leases = await take('other', LIFETIME)
      assert.deepEqual(new Set(leases.map(({ epoch, fresh }) => `${epoch} ${fresh}`)), new Set(['2 true']))
      assert.deepEqual(await take('one', LIFETIME + 1), [])
      const [back] = await take('one', 2 * LIFETIME)
      assert.deepEqual([back?.epoch, back?.fresh], [3, true])
    })

    it('can be given back, those of one owner alone', async () => {
      await take('one', 0, NAMES.slice(0, 2))
      await take('other', 0, NAMES.slice(2))
      await releaseLeases(database(), 'one')
      const leases = await take('third', 1)
      assert.deepEqual(leases.map(({ name, epoch }) => `${name} ${epoch}`).toSorted(), [
        'bucket 1 2',
        'bucket 10 2',
      ])
    })

    it('are had by one of many who ask at the same time', async () => {
      const names = Array.from({ length: 64 }, (_, index) => `bucket ${index}`)
      const owners = Array.from({ length: 8 }, (_, index) => `owner ${index}`)
      const taken = await Promise.all(owners.map((owner) => take(owner, 0, names)))
      assert.deepEqual(
        taken
          .flat()
          .map(({ name }) => name)
          .toSorted(),
        names.toSorted(),
      )
    })
  })
})
